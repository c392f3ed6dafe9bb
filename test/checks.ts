import { spawnSync } from 'node:child_process';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import type { SuiteResult } from './summary';

/** What CI checks besides the tests: scripts of package.json, each on its own. */
const CHECKS = ['lint', 'typecheck', 'format:check', 'build:tini-app'];

function passes(script: string): boolean {
  console.log(`\n── ${script}\n`);
  const { status } = spawnSync('npm', ['run', '--silent', script], {
    cwd: PROJECT_ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  return status === 0;
}

/** Runs each check, even if others fail. */
export function runChecks(): SuiteResult {
  const started = performance.now();
  const failed = CHECKS.filter((script) => !passes(script));
  return {
    name: 'checks',
    passed: CHECKS.length - failed.length,
    failures: failed.map((script) => `npm run ${script}`),
    skipped: 0,
    seconds: (performance.now() - started) / 1000,
  };
}
