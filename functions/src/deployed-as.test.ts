import * as index from './index';
import { AS_HERE, asCodebase, asDeployed, deployedAs, FUNCTION_NAMES } from './deployed-as';
import { setParameters } from './remedy';

const HERE = '/workspace/lib';
const INSTALLED = '/workspace/node_modules/tiki-firebase-bridge/lib';

/** One of each kind of command, as remedies have them. */
const REMEDY =
  `${setParameters('set WEB_API_KEY', 'functions:tiki-bridge:gateway,hosting', 'shop')}; ` +
  'npx firebase functions:secrets:set TIKI_CLIENT_SECRET; npx firebase functions:log --only auth; ' +
  'gcloud run services describe auth';

const named = (env: Readonly<Record<string, string>>, folder: string) =>
  asDeployed(REMEDY, deployedAs(env, folder));

it('knows the name of each function', () => {
  expect([...FUNCTION_NAMES].sort()).toEqual(Object.keys(index).sort());
});

it.each([
  ['this repository', { FUNCTION_TARGET: 'auth', K_SERVICE: 'auth' }, HERE],
  ['its emulator', { FUNCTION_TARGET: 'reconcilePremium', K_SERVICE: 'reconcilePremium' }, HERE],
  ['a process that is no function', {}, HERE],
])('leaves the names as they are written: %s', (_, env, folder) => {
  expect(deployedAs(env, folder)).toEqual(AS_HERE);
  expect(named(env, folder)).toBe(REMEDY);
});

it.each([
  [
    'the codebase of init',
    { FUNCTION_TARGET: 'auth', K_SERVICE: 'auth' },
    ['functions:tiki-bridge:gateway,hosting', 'tiki-bridge/.env.shop', 'set TIKI_', '--only auth'],
  ],
  [
    'its group',
    { FUNCTION_TARGET: 'tikiBridge.auth', K_SERVICE: 'tikibridge-auth' },
    [
      'functions:tiki-bridge:tikiBridge-gateway,hosting',
      'tiki-bridge/.env.shop',
      'set TIKI_',
      '--only tikiBridge-auth',
      'describe tikibridge-auth',
    ],
  ],
  [
    'a kit',
    {
      FUNCTION_TARGET: 'auth',
      K_SERVICE: 'kit-my-shop-auth',
      FIREBASE_KIT_INSTANCE_ID: 'my_shop',
    },
    [
      'functions:my_shop:kit-my_shop-gateway,hosting',
      'function-kits/<kit>/config-my_shop/.env.shop',
      'set kit-my_shop-TIKI_CLIENT_SECRET',
      'describe kit-my-shop-auth',
      '--only kit-my_shop-auth',
    ],
  ],
  [
    "exports in one's own codebase",
    { FUNCTION_TARGET: 'auth', K_SERVICE: 'auth', BRIDGE_CODEBASE: 'default' },
    ['functions:default:gateway,hosting', ' functions/.env.shop', 'set TIKI_', '--only auth'],
  ],
  [
    'a codebase with a prefix in firebase.json',
    {
      FUNCTION_TARGET: 'pushPremium',
      K_SERVICE: 'shop-pushpremium',
      BRIDGE_CODEBASE: 'api',
    },
    ['functions:api:shop-gateway,hosting', ' api/.env.shop', 'set TIKI_', '--only shop-auth'],
  ],
  [
    'another name, from which the others cannot be told',
    { FUNCTION_TARGET: 'tikiLogin', K_SERVICE: 'tikilogin', BRIDGE_CODEBASE: 'api' },
    ['--only functions:api,hosting', ' api/.env.shop', 'set TIKI_'],
  ],
])('names what is deployed as %s', (_, env, parts) => {
  for (const part of parts) expect(named(env, INSTALLED)).toContain(part);
});

const SCRIPTS =
  'npm run premium -- show tiki:1; npm run bridge -- orders list; npm run doctor shows it; ' +
  'npm run bridge --; npm run build; npx firebase use; infra/setup.sh --project shop; ' +
  'npm run deploy -- --only functions --project shop';

it('runs commands from the installed package, and takes none from a registry', () => {
  const installed = deployedAs({}, INSTALLED);
  const bridge = 'npm exec --no --prefix tiki-bridge -- tiki-firebase-bridge';

  expect(asDeployed(SCRIPTS, installed)).toBe(
    `${bridge} premium show tiki:1; ${bridge} orders list; ${bridge} doctor shows it; ` +
      `${bridge}; npm run build; npx firebase-tools use; ` +
      'tiki-bridge/node_modules/tiki-firebase-bridge/infra/setup.sh --project shop; ' +
      `${bridge} deploy --only functions --project shop`,
  );
  expect(asDeployed(SCRIPTS, AS_HERE)).toBe(SCRIPTS);
  expect(asDeployed(SCRIPTS, asCodebase('tiki-bridge', 'tikiBridge-'))).toContain(
    'infra/setup.sh --prefix tikiBridge- --project shop',
  );
});

it.each([
  { FUNCTION_TARGET: 'tikiBridge.auth', K_SERVICE: 'tikibridge-auth' },
  { FUNCTION_TARGET: 'auth', FIREBASE_KIT_INSTANCE_ID: 'tiki-bridge' },
])('names a text once, however often it is asked to: %j', (env) => {
  const deployed = deployedAs(env, INSTALLED);
  const once = asDeployed(`${REMEDY}; ${SCRIPTS}`, deployed);

  expect(asDeployed(once, deployed)).toBe(once);
});
