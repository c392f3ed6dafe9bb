import { readFirebaseJson } from '@tiki-bridge/testing/emulators/project-files';
import { AS_HERE } from '../../../../../functions/src/operator';
import { PROJECT_CHECKS } from '../checks';
import { examine } from '../examine';
import type { Subject } from '../facts';
import type { Finding } from '../finding';
import type { World } from '../world';
import { HEALTHY, PROJECT, REGION } from './google';
import { ACCESS_TOKEN, type Internet, type Routes, startInternet } from './internet';

export const NOW = Date.parse('2026-11-22T08:00:00.000Z');

const SUBJECT: Subject = {
  deployed: AS_HERE,
  projectId: PROJECT,
  alias: undefined,
  region: REGION,
  domain: `https://${PROJECT}.web.app`,
  validationCode: 'abc123',
};

/** A developer's machine without a fault. */
export function healthyWorld(files: Readonly<Record<string, string>> = {}): World {
  const all: Readonly<Record<string, string>> = {
    'package.json': '{"devDependencies":{"firebase-tools":"15.34.2"}}',
    'node_modules/firebase-tools/package.json': '{"version":"15.34.2"}',
    'firebase.json': JSON.stringify({
      hosting: readFirebaseJson().hosting,
      emulators: { auth: { port: 9099 }, ui: { enabled: false } },
    }),
    '.firebaserc': '{"projects":{"default":"demo-shop"}}',
    'functions/.env.demo-shop': 'TIKI_CLIENT_KEY=demo-key\n',
    [`functions/.env.${PROJECT}`]: 'TIKI_CLIENT_KEY=production-key\n',
    ...files,
  };
  return {
    fetch: () => Promise.reject(new Error('no network in this test')),
    timeoutMs: 5_000,
    now: () => NOW,
    signIn: () =>
      Promise.resolve({
        kind: 'signed-in',
        accessToken: ACCESS_TOKEN,
        isUser: true,
        email: undefined,
      }),
    nodeVersion: '24.3.0',
    platform: 'linux',
    deployed: AS_HERE,
    readFile: (path) => all[path],
    env: {},
    listFiles: (folder) =>
      Object.keys(all)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1)),
    findJava: () => 21,
    hasFirebaseCli: () => true,
    hasFirestoreEmulator: () => true,
    isFree: () => Promise.resolve(true),
  };
}

export interface Clinic {
  readonly internet: Internet;
  /** Examines the project with some routes or parts of the world changed. */
  readonly examine: (
    routes?: Routes,
    world?: Partial<World>,
    subject?: Partial<Subject>,
  ) => Promise<readonly Finding[]>;
  /** The same, for one finding. */
  readonly find: (
    check: string,
    ...changes: Parameters<Clinic['examine']>
  ) => Promise<Finding | undefined>;
}

/** Starts the fakes before each test, and stops them afterwards. */
export function clinicForEachTest(options: { readonly tikiAheadMs?: number } = {}): Clinic {
  let internet: Internet | undefined;
  const running = (): Internet => {
    if (internet === undefined) throw new Error('only inside a test');
    return internet;
  };
  beforeEach(async () => {
    const tikiNow = () => NOW + (options.tikiAheadMs ?? 0);
    internet = await startInternet({ routes: HEALTHY, tikiNow });
  });
  afterEach(() => internet?.close());

  const clinic: Clinic = {
    get internet() {
      return running();
    },
    examine: (routes = {}, changes = {}, subject = {}) => {
      const { fetch, set } = running();
      set(routes);
      const world = { ...healthyWorld(), fetch, ...changes };
      return examine(PROJECT_CHECKS, world, { subject: { ...SUBJECT, ...subject } });
    },
    find: async (check, ...changes) =>
      (await clinic.examine(...changes)).find((finding) => finding.check === check),
  };
  return clinic;
}
