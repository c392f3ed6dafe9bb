import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  PROJECT_ID,
  PROJECT_ROOT,
  readFirebaseJson,
} from '@tiki-bridge/testing/emulators/project-files';
import { buildFunctions } from '@tiki-bridge/testing/emulators/build-functions';
import { LOOPBACK } from '@tiki-bridge/testing/emulators/ports';
import { nextSteps, untilReady } from './next-steps';

const HELP = `npm run serve            runs the plain Firebase emulators, until Ctrl-C
npm run serve -- --help  this text

Uses the project's own folder and ports. Needs the Tiki simulator (npm run tiki-simulator), unless
functions/.env.local names Tiki itself: docs/tini-app.md. With Firestore and a demo page: npm start.
`;

const SECRETS = path.join(PROJECT_ROOT, 'functions', '.secret.local');

/**
 * `npm run serve`: the plain emulators with the project's own folder and ports, for developers who
 * know them. Needs the Tiki simulator, `npm run tiki-simulator`.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (!existsSync(SECRETS)) {
    // Without it the emulator uses Secret Manager. Git ignores this file.
    writeFileSync(SECRETS, 'TIKI_CLIENT_SECRET=demo-client-secret\n');
    console.log("Wrote functions/.secret.local with the Tiki simulator's secret.");
  }
  await buildFunctions();
  const firebase = require.resolve('firebase-tools/lib/bin/firebase.js');
  const only = ['--only', 'auth,functions,hosting', '--project', PROJECT_ID];
  const emulators = spawn(process.execPath, [firebase, 'emulators:start', ...only], {
    cwd: PROJECT_ROOT,
    stdio: 'inherit',
  });
  const ended = new AbortController();
  emulators.on('exit', (code) => {
    ended.abort();
    process.exitCode = code ?? 1;
  });
  const origin = `http://${LOOPBACK}:${readFirebaseJson().emulators.hosting.port}`;
  void untilReady(origin, ended.signal).then(() => {
    if (!ended.signal.aborted) console.log(nextSteps(origin));
  });
  // A terminal sends Ctrl-C to the emulators as well; other signals must be forwarded.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) emulators.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => emulators.kill('SIGINT'));
  }
}

/** Of `parseArgs`. */
const isUsageError = (error: unknown) =>
  error instanceof Error && 'code' in error && /^ERR_PARSE_ARGS_/.test(String(error.code));

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  if (isUsageError(error)) console.error('What it takes: npm run serve -- --help');
  process.exitCode = 1;
});
