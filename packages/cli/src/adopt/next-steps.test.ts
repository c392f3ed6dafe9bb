import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { FEATURES } from './wanted/choices';
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
  expect(nextSteps(DEFAULTS)).toMatch(/infra\/setup\.sh --project <project id>\n/);
});
