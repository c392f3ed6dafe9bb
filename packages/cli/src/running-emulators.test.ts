import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { announceEmulators } from '@tiki-bridge/testing/emulators/announcement';
import { jsonAnswer, startLoopbackFake } from '@tiki-bridge/testing/google/loopback-fake';
import { adoptEmulators } from './running-emulators';

const FIRESTORE = 'FIRESTORE_EMULATOR_HOST';
const AUTH = 'FIREBASE_AUTH_EMULATOR_HOST';
const NPM_START = { [AUTH]: '127.0.0.1:9099', [FIRESTORE]: '127.0.0.1:8080' };
/** No process has it. */
const NOBODY = 2 ** 30;

let folder: string;
let hub: { readonly address: string; close(): Promise<void> } | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'running-'));
  jest.spyOn(os, 'tmpdir').mockReturnValue(folder);
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function adopted(name?: string, named: Record<string, string> = {}) {
  const env = { ...named };
  await adoptEmulators(name, env, () => undefined);
  return env;
}
const write = (name: string, content: object) => {
  writeFileSync(path.join(folder, name), JSON.stringify(content));
};

describe('the emulators that premium acts on by itself', () => {
  it('are those of npm start, as long as it runs', async () => {
    const end = announceEmulators({
      FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:9099',
      FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080',
    });
    expect(await adopted()).toEqual(NPM_START);
    expect(await adopted('demo-tiki-bridge')).toEqual(NPM_START);
    end();
    expect(await adopted()).toEqual({});
    write('tiki-bridge-emulators.json', { pid: NOBODY, emulators: NPM_START });
    expect(await adopted()).toEqual({});
  });

  it('are none where a real project, another one or an emulator is named', async () => {
    write('tiki-bridge-emulators.json', { pid: process.pid, emulators: NPM_START });
    expect(await adopted('my-app')).toEqual({});
    expect(await adopted('demo-other')).toEqual({});
    const named = { [AUTH]: '127.0.0.1:1' };
    expect(await adopted(undefined, named)).toEqual(named);
  });

  it.each([
    ['another machine', { ...NPM_START, [FIRESTORE]: '192.0.2.1:8080' }],
    ['a name', { ...NPM_START, [FIRESTORE]: 'firestore.googleapis.com:443' }],
    ['a URL', { ...NPM_START, [AUTH]: 'http://127.0.0.1:9099' }],
  ])('are never those of %s', async (_, emulators) => {
    write('tiki-bridge-emulators.json', { pid: process.pid, emulators });
    expect(await adopted()).toEqual({});
  });

  it('are never those of another user, who may write to the same temporary folder', async () => {
    const announced = { pid: process.pid, emulators: NPM_START };
    write('tiki-bridge-emulators.json', announced);
    const own = process.getuid?.() ?? 0;
    jest.spyOn(process, 'getuid').mockReturnValue(own + 1);
    expect(await adopted()).toEqual({});
    jest.spyOn(process, 'getuid').mockReturnValue(own);
    expect(await adopted()).toEqual(NPM_START);
  });

  it.each([
    [
      'a folder',
      (file: string) => {
        mkdirSync(file);
      },
    ],
    [
      'a link',
      (file: string) => {
        symlinkSync(path.join(folder, 'elsewhere.json'), file);
      },
    ],
  ])('are not read from %s', async (_, make) => {
    write('elsewhere.json', { pid: process.pid, emulators: NPM_START });
    make(path.join(folder, 'tiki-bridge-emulators.json'));
    expect(await adopted()).toEqual({});
  });

  it('are those of the Firebase CLI, as its hub lists them', async () => {
    hub = await startLoopbackFake<never>({
      answer: ({ url }) =>
        jsonAnswer(url.pathname === '/emulators' ? 200 : 404, {
          hub: { name: 'hub', host: '127.0.0.1', port: 4400 },
          auth: { name: 'auth', host: '127.0.0.1', port: 9099, pid: 1 },
          firestore: { name: 'firestore', host: '::1', port: 8080 },
        }),
    });
    const origins = ['http://127.0.0.1:1', 'https://example.com', `http://${hub.address}`];
    write('hub-demo-shop.json', { version: '15.34.2', origins, pid: process.pid });
    expect(await adopted('demo-shop')).toEqual({ ...NPM_START, [FIRESTORE]: '[::1]:8080' });
    write('hub-demo-shop.json', { version: '15.34.2', origins, pid: NOBODY });
    expect(await adopted('demo-shop')).toEqual({});
  });

  it('are named when one is missing', async () => {
    announceEmulators({ FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:9099' });
    await expect(adopted()).rejects.toThrow(
      'The emulators that run for demo-tiki-bridge do not include Firestore. To install it: ' +
        'npx firebase setup:emulators:firestore; then npm start, with it',
    );
  });
});
