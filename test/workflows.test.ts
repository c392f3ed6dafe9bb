import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { parse } from 'yaml';
import { PROJECT_FILES } from './project-tree';

interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly steps: readonly { readonly run?: string }[];
}
interface Workflow {
  readonly jobs: Readonly<Record<string, Job>>;
}

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
      const { jobs: named } = parse(readFileSync(path.join(PROJECT_ROOT, file), 'utf8')) as Workflow;
      return Object.entries(named).map(([name, job]) => ({ name, ...job }));
    });
    const trusted = jobs.filter(({ permissions = {} }) => permissions['id-token'] === 'write');

    expect(trusted.map(({ name }) => name)).toEqual(['deploy']);
    for (const { environment, env, needs, if: condition, steps } of trusted) {
      expect(environment).toBe('production');
      expect(needs).toBe('test');
      expect(condition).toContain('!failure() && !cancelled()');
      expect(env).toEqual({ npm_config_ignore_scripts: true });
      expect(steps.flatMap(({ run = [] }) => run)).toEqual([
        'node bootstrap.mjs',
        'npm run deploy -- --project "$PROJECT" --yes',
      ]);
    }
    const test = jobs.find(({ name, if: condition }) => name === 'test' && condition?.includes('inputs.test'));
    expect(test?.steps.flatMap(({ run = [] }) => run)).toContain('npm test');
    expect(test?.permissions).toBeUndefined();
  });
});
