import { AS_HERE } from '../../../functions/src/operator';
import { findDeployment, withParametersIn } from './deployment';
import { readFile as readOurs } from './project-files';

const BRIDGE = '{"dependencies":{"tiki-firebase-bridge":"file:./tiki-firebase-bridge-0.6.0.tgz"}}';

const found = (functions: unknown, files: Readonly<Record<string, string>>) => {
  const all: Readonly<Record<string, string>> = {
    'firebase.json': `// comments are allowed\n${JSON.stringify({ functions })}`,
    ...files,
  };
  return findDeployment((file) => all[file]);
};

it('is that of this repository in a checkout, and where nothing is known', () => {
  expect(findDeployment(readOurs)).toEqual(AS_HERE);
  expect(findDeployment(() => undefined)).toEqual(AS_HERE);
  expect(found([{ source: 'api' }], { 'api/package.json': '{}' })).toEqual(AS_HERE);
  // The packed command line is in no checkout.
  expect(findDeployment(() => undefined, false)).toMatchObject({ installedIn: 'tiki-bridge' });
});

it('finds the codebase of init between others, with its group', () => {
  const functions = [
    { source: 'api', codebase: 'api' },
    { source: 'tiki-bridge', codebase: 'tiki-bridge' },
  ];
  const files = {
    'api/package.json': '{"main":"lib/index.js"}',
    'tiki-bridge/package.json': BRIDGE,
    'tiki-bridge/index.js': 'module.exports = { tikiBridge: { auth, gateway } };',
  };

  expect(found(functions, files)).toEqual({
    ...AS_HERE,
    folder: 'tiki-bridge',
    functionPrefix: 'tikiBridge-',
    installedIn: 'tiki-bridge',
  });
});

it.each([
  { source: 'functions', prefix: 'shop' },
  // The Firebase CLI then takes functions/.
  { prefix: 'shop', predeploy: ['npm run build'] },
])("finds one's own codebase, the only one of firebase.json, with its prefix: %j", (functions) => {
  expect(found(functions, { 'functions/package.json': BRIDGE })).toEqual({
    ...AS_HERE,
    codebase: 'default',
    functionPrefix: 'shop-',
    installedIn: 'functions',
  });
});

it('finds a kit, whose parameters are beside its sources', () => {
  const kit = {
    kit: 'tiki',
    source: 'function-kits/tiki/source',
    instances: { login: 'function-kits/tiki/config-login' },
  };
  const deployed = found([kit], { 'function-kits/tiki/source/package.json': BRIDGE });

  expect(deployed).toMatchObject({
    ...{ codebase: 'login', functionPrefix: 'kit-login-' },
    installedIn: 'function-kits/tiki/source',
  });
  const asked: string[] = [];
  const readFile = withParametersIn(deployed, (file) => {
    asked.push(file);
    return undefined;
  });
  ['functions/.env.shop', 'firebase.json'].forEach(readFile);
  expect(asked).toEqual(['function-kits/tiki/config-login/.env.shop', 'firebase.json']);
});
