import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { runCommand } from './run-command';
import type { SuiteResult } from './summary';

/** What CI checks besides the tests: scripts of package.json, each on its own. */
const CHECKS = ['lint', 'typecheck', 'format:check', 'build:tini-app'];

const windows = process.platform === 'win32';

/** Runs each check, even if others fail. */
export async function runChecks(alone: boolean): Promise<SuiteResult> {
  const started = performance.now();
  const failed: string[] = [];
  for (const script of CHECKS) {
    console.log(`\n── ${script}\n`);
    const code = await runCommand(['npm', 'run', '--silent', script], {
      name: script,
      lane: 'computes',
      alone,
      spawn: { cwd: PROJECT_ROOT, shell: windows },
    });
    if (code !== 0) failed.push(script);
  }
  return {
    name: 'checks',
    passed: CHECKS.length - failed.length,
    failures: failed.map((script) => `npm run ${script}`),
    skipped: 0,
    seconds: (performance.now() - started) / 1000,
  };
}
