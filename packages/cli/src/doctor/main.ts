// npm run doctor: why a login does not work, and what mends it; see options.ts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findFirestoreJars } from '@tiki-bridge/testing/emulators/firestore-jar';
import { findJava } from '@tiki-bridge/testing/emulators/java';
import { isFree } from '@tiki-bridge/testing/emulators/ports';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { LOCAL_CHECKS, PROJECT_CHECKS } from './checks';
import { examine } from './examine';
import { signInWithin } from './google/sign-in';
import { BadArguments, HELP, type Options, parseOptions } from './options';
import { jsonReport, listReport } from './report';
import type { World } from './world';

const TIMEOUT_MS = 10_000;
const DEFAULT_COLUMNS = 100;

const inProject = (file: string) => path.join(PROJECT_ROOT, file);

const world: World = {
  fetch: (url, init) => fetch(url, init),
  timeoutMs: TIMEOUT_MS,
  now: Date.now,
  signIn: () => signInWithin(TIMEOUT_MS),
  nodeVersion: process.versions.node,
  platform: process.platform,
  readFile: (file) =>
    existsSync(inProject(file)) ? readFileSync(inProject(file), 'utf8') : undefined,
  listFiles: (folder) => readdirSync(inProject(folder)),
  findJava: () => findJava(process.env)?.major,
  hasFirestoreEmulator: () => findFirestoreJars(process.env, os.homedir()).length > 0,
  isFree,
};

function openReport(json: boolean) {
  const { stdout, env } = process;
  const write = (text: string) => void stdout.write(text);
  if (json) return jsonReport(write);
  return listReport({
    write,
    colours: stdout.isTTY && env['TERM'] !== 'dumb' && !env['NO_COLOR'],
    columns: stdout.isTTY ? stdout.columns : DEFAULT_COLUMNS,
  });
}

async function run(options: Options): Promise<number> {
  if (options.kind === 'help') {
    console.log(HELP);
    return 0;
  }
  const { subject, json } = options;
  const report = openReport(json);
  report.start(subject);
  const checks = subject ? PROJECT_CHECKS : LOCAL_CHECKS;
  const findings = await examine(checks, world, subject ? { subject } : {}, report.add);
  report.end(findings);
  return findings.some(({ state }) => state === 'failed') ? 1 : 0;
}

async function main(): Promise<number> {
  try {
    return await run(parseOptions(process.argv.slice(2)));
  } catch (error) {
    if (!(error instanceof BadArguments)) throw error;
    console.error(`${error.message}\n\n${HELP}`);
    return 2;
  }
}

/** Leaves at once, when all is written: a sign-in that was given up may still hold a connection. */
function leave(code: number): void {
  process.stdout.write('', () => process.exit(code));
}

main().then(leave, (error: unknown) => {
  console.error(error);
  leave(1);
});
