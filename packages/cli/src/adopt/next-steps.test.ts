import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { FEATURES, functionsOf } from './wanted/choices';
import { nextSteps } from './next-steps';
import { DEFAULTS } from './plan/plan';
import type { Site } from './project/firebase-json';

const site: Site = { redirects: [], rewrites: [] };

it('names the accounts before the deployment, as infra/setup.sh takes them', () => {
  const choices = { ...DEFAULTS, features: [...FEATURES], group: true, prefix: '/tiki' };
  const steps = nextSteps(choices, site);
  const [, options = ''] =
    /infra\/setup\.sh --project <project id> --email <your address> (.*)/.exec(steps) ?? [];
  const [, features = ''] = /--with (\S+) --prefix tikiBridge-$/.exec(options) ?? [];

  expect(steps.indexOf('WEB_API_KEY=')).toBeLessThan(steps.indexOf('setup.sh'));
  expect(steps.indexOf('setup.sh')).toBeLessThan(steps.indexOf(' deploy --project'));
  expect(steps).toContain('https://<your domain>/tiki.');
  // It refuses a feature that it does not know.
  const needs = path.join(PROJECT_ROOT, 'infra/needs.mjs');
  const printed = execFileSync(process.execPath, [needs, ...features.split(',')]);
  expect(String(printed)).toContain('account\ttiki-push-daily');
});

it.each<[string, Site | undefined, readonly string[]]>([
  ['one site', site, ['start --only auth,functions,hosting --project demo-tiki']],
  [
    'a target, which the real project alone has',
    { ...site, target: 'app' },
    [
      'target:apply hosting app demo-tiki --project demo-tiki',
      'start --only auth,functions,hosting:app --project demo-tiki',
    ],
  ],
  [
    'a site by its id',
    { ...site, site: 'shop-app' },
    ['start --only auth,functions,hosting:shop-app --project demo-tiki'],
  ],
  ['no Hosting', undefined, ['start --only auth,functions --project demo-tiki']],
])('starts the emulators as no real project, with %s', (_, of, commands) => {
  const steps = nextSteps({ ...DEFAULTS, target: of?.target }, of);

  expect(steps.match(/(?<=firebase-tools )(target|emulators):.*/g)).toEqual(
    commands.map((each) => each.replace(/^start/, 'emulators:start')),
  );
});

it('knows addresses without Hosting, and what is merged by hand', () => {
  expect(nextSteps(DEFAULTS, undefined)).toMatch(/baseUrl and gatewayUrl are the addresses of/);
  const byHand = nextSteps({ ...DEFAULTS, skipped: ['hosting'] }, site);

  expect(byHand).toContain('--only auth,functions --project demo-tiki');
  expect(byHand).toContain('What you merge by hand (hosting) is deployed only if you name it');
  expect(byHand).toContain('once you have added the rewrites');
});

it.each([
  [[], ' --no-premium'],
  [['sessions'], ' --with sessions --no-premium'],
  [['premium'], ''],
  [['payments'], ' --with payments'],
] as const)(
  'has infra/setup.sh create the accounts of its functions alone: %j',
  (features, options) => {
    const steps = nextSteps({ ...DEFAULTS, features: [...features] }, site);
    const [, printed] =
      /infra\/setup\.sh --project <project id> --email <your address>(.*)\n/.exec(steps) ?? [];
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
