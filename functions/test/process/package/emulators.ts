import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cleanEnvironment } from '@tiki-bridge/testing/emulators/clean-environment';
import { startGuarded, type GuardedProcess } from '@tiki-bridge/testing/emulators/guarded-process';
import { findFreePorts } from '@tiki-bridge/testing/emulators/ports';
import { waitUntilReady } from '@tiki-bridge/testing/emulators/readiness';
import { startTikiSimulator, type TikiSimulator } from '@tiki-bridge/tiki-simulator/server';
import { KIT, packed } from './packed';

const FIREBASE = resolve(__dirname, '../../../../node_modules/firebase-tools/lib/bin/firebase.js');
const PROJECT = 'demo-shop';
const REGION = 'asia-southeast1';
const START_MS = 240_000;

/** A codebase with a function of its own and ours in a group. */
const CODEBASE = {
  'package.json': '{"name":"shop-functions","main":"index.js"}',
  'index.js': `
    const { onRequest } = require('firebase-functions/https');
    const { auth, gateway } = require('tiki-firebase-bridge');
    exports.tikiBridge = { auth, gateway };
    exports.hello = onRequest((request, response) => void response.json(request.body));`,
};
describe('the Functions emulator with a codebase and a kit', () => {
  let simulator: TikiSimulator;
  let emulators: GuardedProcess | undefined;
  let origins: { readonly functions: string; readonly hosting: string };

  beforeAll(async () => {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'adopted-'));
    simulator = await startTikiSimulator({ clientKey: 'key', clientSecret: 'a-secret-of-tiki' });
    const ports = await findFreePorts(['auth', 'functions', 'hosting', 'hub', 'logging', 'tasks']);
    origins = {
      functions: `http://127.0.0.1:${ports.functions}/${PROJECT}/${REGION}`,
      hosting: `http://127.0.0.1:${ports.hosting}`,
    };
    const secret = 'TIKI_CLIENT_SECRET=a-secret-of-tiki\n';
    const parameters = `TIKI_CLIENT_KEY=key\nTIKI_API_BASE_URL=${simulator.apiBaseUrl}\n`;
    packed().installIn(join(folder, 'functions'), {
      ...CODEBASE,
      '.env': `${parameters}BRIDGE_CODEBASE=default\n`,
      '.secret.local': secret,
    });
    const kit = join(folder, 'function-kits/tiki-firebase-bridge');
    packed().installIn(join(kit, 'source'), { ...KIT, '.secret.local': secret });
    mkdirSync(join(kit, 'config-login'));
    writeFileSync(join(kit, 'config-login', `.env.${PROJECT}`), `${parameters}PATH_PREFIX=/tiki\n`);
    mkdirSync(join(folder, 'public'));
    mkdirSync(join(folder, 'home'));
    const listen = (port: number) => ({ host: '127.0.0.1', port });
    const to = (functionId: string) => ({ function: { functionId, region: REGION } });
    const firebaseJson = {
      functions: [
        { source: 'functions', codebase: 'default', runtime: 'nodejs24' },
        {
          kit: 'tiki-firebase-bridge',
          source: 'function-kits/tiki-firebase-bridge/source',
          instances: { login: 'function-kits/tiki-firebase-bridge/config-login' },
        },
      ],
      hosting: {
        public: 'public',
        rewrites: [{ source: '/tiki/auth_*', ...to('kit-login-auth') }],
      },
      emulators: {
        ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, listen(port)])),
        ui: { enabled: false },
        singleProjectMode: true,
      },
    };
    writeFileSync(join(folder, 'firebase.json'), JSON.stringify(firebaseJson));
    const only = ['--only', 'auth,functions,hosting', '--project', PROJECT];
    emulators = startGuarded(process.execPath, [FIREBASE, 'emulators:start', ...only], {
      cwd: folder,
      env: cleanEnvironment(process.env, {
        HOME: join(folder, 'home'),
        TMPDIR: folder,
        CI: 'true',
        NO_UPDATE_NOTIFIER: '1',
        FUNCTIONS_DISCOVERY_TIMEOUT: '60',
      }),
      removeAfterwards: folder,
    });
    await waitUntilReady({
      name: 'The last of the functions',
      guarded: emulators,
      url: `http://127.0.0.1:${ports.functions}/backends`,
      isReady: async (answer) => {
        const names = await answer.text();
        return ['hello', 'tikiBridge-auth', 'kit-login-auth'].every(
          (name) => names.includes(`${REGION}-${name}`) || names.includes(`us-central1-${name}`),
        );
      },
      failurePattern: /Failed to load function definition/,
      signal: AbortSignal.timeout(START_MS),
    });
  }, START_MS);
  afterAll(async () => {
    await emulators?.stop();
    await simulator.close();
  });

  const post = (url: string, body: object) =>
    fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const newCode = () => simulator.issueAuthCode({ customerId: '9007199254740993' }).authCode;

  it('logs in through a kit, below a path of the site', async () => {
    const response = await post(`${origins.hosting}/tiki/auth_exchange`, { code: newCode() });

    expect([response.status, await response.json()]).toMatchObject([
      200,
      { uid: 'tiki:9007199254740993' },
    ]);
  });

  it("logs in through a function's own address, without Hosting", async () => {
    const url = `${origins.functions}/tikiBridge-auth/auth_exchange`;
    const response = await post(url, { code: newCode() });

    expect([response.status, await response.json()]).toMatchObject([
      200,
      { uid: 'tiki:9007199254740993' },
    ]);
  });

  it("leaves the codebase's own function to Express", async () => {
    const url = `${origins.functions}/hello`.replace(REGION, 'us-central1');
    const response = await post(url, { a: 1 });

    expect([response.status, await response.json()]).toEqual([200, { a: 1 }]);
  });
});
