import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '../emulators/project-files';
import type { Phone } from '../tini-runtime/phone';
import { openWorld, type World } from '../tini-runtime/world';

export const DOMAIN = 'https://app.example.vn';
export const AN = { id: '1001', name: 'Nguyễn Văn An' };
export const BINH = { id: '1002', name: 'Trần Thị Bình' };

export interface SdkBuild {
  readonly folder: string;
  /** What the build printed: a line for each file. */
  readonly printed: string;
  remove(): void;
}

/** Builds the official SDK for the Tini runtime, from the sources of now. */
export function buildSdk(): SdkBuild {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'firebase-sdk-'));
  const script = path.join(PROJECT_ROOT, 'tini-app', 'firebase-sdk', 'build.mjs');
  const printed = execFileSync(process.execPath, [script, '--out', folder], { encoding: 'utf8' });
  return {
    folder,
    printed,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * What every mini program of these tests begins with. `run` gets the SDK, the session and `my`, and
 * is written as text: its objects have to be of the mini program's own world.
 */
const PROGRAM = (run: string) => `((sdk, my, baseUrl) => {
  const { auth, app } = sdk.createFirebase(my, { baseUrl, projectId: 'demo-tiki-bridge' });
  const restored = new Promise((resolve) => {
    const stop = sdk.onAuthStateChanged(auth, (user) => { resolve(user); setTimeout(() => stop()); });
  });
  const ask = (name, options) =>
    new Promise((resolve, reject) => {
      my[name]({ ...options, success: resolve, fail: reject });
    });
  const login = async () => {
    const { authCode } = await ask('getAuthCode', { scopes: ['offline'] });
    const answer = await ask('request', {
      url: baseUrl + '/auth_exchange',
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      data: { code: authCode },
    });
    const { customToken } = typeof answer === 'string' ? JSON.parse(answer) : answer;
    return (await sdk.signInWithCustomToken(auth, customToken)).user;
  };
  return async () => JSON.stringify((await (${run})()) ?? null);
})`;

export interface Program {
  /** Runs it, and gives what it returned as JSON. */
  run(): Promise<unknown>;
  /** The user comes back to the app. */
  show(): void;
}

/**
 * Opens a world whose timers do not keep this process waiting: the SDK leaves its own time-out of
 * half a minute behind after a request that failed.
 */
function openUnreferencedWorld(phone: Phone): World {
  const { setTimeout: real } = globalThis;
  const unreferenced = (callback: () => void, ms?: number) => real(callback, ms).unref();
  try {
    globalThis.setTimeout = Object.assign(unreferenced, real);
    return openWorld(phone);
  } finally {
    globalThis.setTimeout = real;
  }
}

/** Opens a mini program: a fresh start of the app on that phone. */
export function openProgram(
  build: SdkBuild,
  file: 'firebase-auth.js' | 'firebase-auth-firestore.js',
  phone: Phone,
  run: string,
): Program {
  const world = openUnreferencedWorld(phone);
  const sdk = world.run(path.join(build.folder, file));
  // The function that PROGRAM writes down.
  const open = world.evaluate(PROGRAM(run)) as (...given: unknown[]) => () => Promise<string>;
  const started = open(sdk, world.my, phone.domains[0]);
  return { show: world.show, run: async () => JSON.parse(await started()) as unknown };
}
