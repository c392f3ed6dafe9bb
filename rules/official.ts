// npm run test:rules:official: the tables of all three rules files in Google's own emulators.
// Needs Java 21 or newer, and network access on the first run to download the emulators.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { findJava } from '@tiki-bridge/testing/emulators/java';

const ROOT = path.resolve(__dirname, '..');
const TESTS = ['rules/rules.emulator.test.ts', 'rules/differential'];

const resolve = createRequire(__filename).resolve;
const quoted = (file: string): string => JSON.stringify(file);

function main(): number {
  const java = findJava(process.env);
  if (java === undefined || java.major < 21) {
    const found = java === undefined ? 'none' : `Java ${java.major}`;
    console.error(`Google's emulators need Java 21 or newer; found: ${found}.`);
    console.error(
      'Install it from https://adoptium.net, or run "npm test", which does not need it.',
    );
    return 1;
  }
  const jest = [process.execPath, resolve('jest/bin/jest'), ...TESTS].map(quoted).join(' ');
  const { status } = spawnSync(
    process.execPath,
    [
      resolve('firebase-tools/lib/bin/firebase.js'),
      'emulators:exec',
      '--only',
      'firestore,database,storage',
      // With a demo- project the emulators never contact a real one.
      '--project',
      'demo-tiki-bridge',
      `${jest} --runInBand`,
    ],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, REQUIRE_OFFICIAL_EMULATORS: '1' },
    },
  );
  return status ?? 1;
}

process.exitCode = main();
