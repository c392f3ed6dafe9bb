import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { PROBLEMS } from '../functions/src/problem';
import { METRICS } from '../infra/monitoring/metrics';
import { PROJECT_FILES } from './project-tree';

const read = (file: string) => readFileSync(path.join(PROJECT_ROOT, file), 'utf8');

const RUNBOOK = read('docs/runbook.md');
const HEADINGS = [...RUNBOOK.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
const ALERTS = 'infra/monitoring/alerts';

it('has a heading for every alert', () => {
  const folder = path.join(PROJECT_ROOT, ALERTS);
  const alerts = existsSync(folder)
    ? readdirSync(folder).flatMap((file) =>
        file.endsWith('.json') ? [path.basename(file, '.json')] : [],
      )
    : [];

  expect(alerts.filter((name) => !HEADINGS.includes(name))).toEqual([]);
});

it('has a heading for every code that an operator has to know', () => {
  // Failures of the service; and the refusals that may hit customers.
  const failures = Object.entries(PROBLEMS).flatMap(([code, { status }]) =>
    status >= 500 || status === 429 ? [code] : [],
  );

  expect(failures).toContain('misconfigured');
  expect(failures.filter((code) => !HEADINGS.includes(code))).toEqual([]);
});

it('confirms that it is over by what failed, not by what is logged as an error', () => {
  const [, command = ''] = /To confirm that it is over[^]*?```sh\n([^]*?)```/.exec(RUNBOOK) ?? [];

  // An outage of Tiki or Google is logged as a warning, with status 502 to 504.
  expect(command).toContain(
    '(jsonPayload.requestId:* AND jsonPayload.route:* AND jsonPayload.status>=500)',
  );
  expect(command).toContain('logName:"/logs/run.googleapis.com%2Frequests" AND textPayload:*');
});

it('confirms alerts about logins by the logins that they count', () => {
  const [routes = 'none'] =
    /jsonPayload\.route=\([^)]*\)/.exec(METRICS['tiki-bridge-logins'].filter) ?? [];
  const [, logins = ''] = /^## Logins\n([^]*?)^## /m.exec(RUNBOOK) ?? [];
  const commands = [...logins.matchAll(/^gcloud logging read '(.*)'/gm)].map(
    ([, filter = '']) => filter,
  );

  expect(commands).toHaveLength(2);
  expect(commands.filter((filter) => !filter.startsWith(`${routes} `))).toEqual([]);
});

/** Whose answer is the caller's to act on, although the log explains them. */
const CALLERS = new Set(['unauthenticated', 'forbidden', 'not-found', 'conflict']);

it('has one for every code with a note for the operator', () => {
  const noted = PROJECT_FILES.filter(
    (file) => /^functions\/src\/.*\.ts$/.test(file) && !file.endsWith('.test.ts'),
  ).flatMap((file) =>
    [...read(file).matchAll(/new Problem\(\s*'([a-z-]+)',\s*\{[^;]*?\boperator\b/g)].map(
      ([, code = '']) => code,
    ),
  );

  expect(new Set(noted).size).toBeGreaterThan(5);
  expect(noted.filter((code) => !CALLERS.has(code) && !HEADINGS.includes(code))).toEqual([]);
});

it('says of each how it ends, or where that stands', () => {
  const sections = RUNBOOK.split(/^#+ /m).slice(1);
  const silent = sections.filter((section) => {
    const [name = ''] = section.split('\n');
    return Object.hasOwn(PROBLEMS, name) && !/\*\*end\s+it\*\*|\]\(#/i.test(section);
  });

  expect(silent).toEqual([]);
});
