import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { PROJECT_FILES } from './project-tree';

const WORKFLOWS = PROJECT_FILES.filter((file) => file.startsWith('.github/workflows/'));

const ACTIONLINT = path.join(
  'node_modules',
  '@tktco',
  'node-actionlint',
  'bin',
  'node-actionlint.js',
);

function actionlint(pattern: string) {
  const run = spawnSync(process.execPath, [ACTIONLINT, pattern], {
    cwd: PROJECT_ROOT,
    encoding: 'utf8',
  });
  return { code: run.status, output: run.stdout + run.stderr };
}

describe('the GitHub workflows', () => {
  it('pass actionlint', () => {
    const { code, output } = actionlint('.github/workflows/*.yml');

    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain(`Checking ${WORKFLOWS.length} workflow file(s)`);
  });

  it('would not pass it with a mistake', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'workflow-'));
    writeFileSync(
      path.join(folder, 'bad.yml'),
      'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ nothing.here }}\n',
    );
    const { code, output } = actionlint(`${folder.replaceAll(path.sep, '/')}/*.yml`);
    rmSync(folder, { recursive: true });

    expect({ code, output }).toMatchObject({ code: 1 });
    expect(output).toContain('undefined variable "nothing"');
  });

  it.each(WORKFLOWS)('%s runs actions of one commit, may only read, and ends', (file) => {
    const text = readFileSync(path.join(PROJECT_ROOT, file), 'utf8');
    const actions = [...text.matchAll(/uses: *(.*)/g)].map(([, action = '']) => action);

    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions)
      expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
    expect(text.match(/timeout-minutes:/g)).toHaveLength(text.match(/runs-on:/g)?.length ?? 0);
  });

  it('let a job ask for a token of Google only in the environment with reviewers, without tests', () => {
    const jobs = WORKFLOWS.flatMap((file) => {
      const [, text = ''] = readFileSync(path.join(PROJECT_ROOT, file), 'utf8').split('\njobs:\n');
      return text.split(/^(?= {2}[\w-]+:$)/m);
    });
    const commandsOf = (job: string) =>
      [...job.matchAll(/^ {6}- run: (.*)/gm)].map(([, command]) => command);
    const trusted = jobs.filter((job) => job.includes('id-token: write'));
    const [deploy = ''] = trusted;

    expect(trusted).toHaveLength(1);
    expect(deploy).toMatch(
      /^ {2}deploy:\n {4}needs: test\n(.*\n)*? {4}if: .*!failure\(\) && !cancelled\(\)/,
    );
    expect(deploy).toMatch(/^ {4}environment: production$/m);
    expect(deploy).toMatch(/^ {4}env:\n( {6}#.*\n)* {6}npm_config_ignore_scripts: true$/m);
    expect(commandsOf(deploy)).toEqual([
      'node bootstrap.mjs',
      'npm run deploy -- --project "$PROJECT" --yes',
    ]);
    const tests = jobs.find((job) => job.startsWith('  test:') && job.includes('inputs.test'));
    expect(commandsOf(tests ?? '')).toContain('npm test');
  });
});
