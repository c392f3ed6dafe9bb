import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { FEATURES, functionsOf } from './wanted/choices';
import { nextSteps } from './next-steps';
import { DEFAULTS } from './plan/plan';

it('names the accounts before the deployment, as infra/setup.sh takes them', () => {
  const steps = nextSteps({ ...DEFAULTS, features: [...FEATURES], group: true, prefix: '/tiki' });
  const [, options = ''] = /infra\/setup\.sh --project <project id> (.*)/.exec(steps) ?? [];
  const [, features = ''] = /--with (\S+) --prefix tikiBridge-$/.exec(options) ?? [];

  expect(steps.indexOf('setup.sh')).toBeLessThan(steps.indexOf(' deploy --project'));
  expect(steps).toContain('https://<your domain>/tiki.');
  // It refuses a feature that it does not know.
  const needs = path.join(PROJECT_ROOT, 'infra/needs.mjs');
  const printed = execFileSync(process.execPath, [needs, ...features.split(',')]);
  expect(String(printed)).toContain('account\ttiki-push-daily');
});

it.each([
  [[], ' --no-premium'],
  [['sessions'], ' --with sessions --no-premium'],
  [['premium'], ''],
  [['payments'], ' --with payments'],
] as const)(
  'has infra/setup.sh create the accounts of its functions alone: %j',
  (features, options) => {
    const steps = nextSteps({ ...DEFAULTS, features: [...features] });
    const [, printed] = /infra\/setup\.sh --project <project id>(.*)\n/.exec(steps) ?? [];
    const withPremium = options.includes('--no-premium') ? [] : ['premium'];
    const needs = execFileSync(process.execPath, [
      path.join(PROJECT_ROOT, 'infra/needs.mjs'),
      ...features.filter((feature) => feature !== 'premium'),
      ...withPremium,
    ]);
    const created = [...String(needs).matchAll(/^account\t.*\tFunction (\w+) /gm)].map(
      ([, name]) => name,
    );

    expect(printed).toBe(options);
    expect(created.sort()).toEqual([...functionsOf(features)].sort());
  },
);
