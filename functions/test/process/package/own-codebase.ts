import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFunction } from '@tiki-bridge/testing/google/framework';
import { json } from '../../support/bridge';
import { startProcessBridge } from '../../support/process';
import { packed } from './packed';

/** A function of theirs, which also tells what a package could have changed. */
const HELLO = `
const { setGlobalOptions } = require('firebase-functions');
const { onRequest } = require('firebase-functions/https');
const { logger } = require('firebase-functions');
setGlobalOptions({ region: 'europe-west1', maxInstances: 3 });
const listeners = () => Object.fromEntries(process.eventNames().map(String).sort()
  .map((name) => [name, process.listenerCount(name)]));
exports.hello = onRequest((request, response) => {
  logger.info('hello', { path: request.path });
  console.log('plain text');
  response.json({
    path: request.path,
    body: request.body,
    raw: request.rawBody?.toString() ?? null,
    listeners: listeners(),
    console: Object.values(console).map(String).join().length,
    globals: Object.getOwnPropertyNames(globalThis).sort(),
    environment: Object.keys(process.env).sort(),
    json: String(JSON.stringify) + String(fetch),
  });
});
`;
const MANIFEST = '{"name":"shop-functions","main":"index.js"}';

/** Their codebase before and after, and one that is an ES module. */
const BEFORE = { 'package.json': MANIFEST, 'index.js': HELLO };
const AFTER = {
  'package.json': MANIFEST,
  'index.js': `${HELLO}
const { auth, gateway } = require('tiki-firebase-bridge');
exports.tikiBridge = { auth, gateway };`,
};
const ES_MODULE = {
  'package.json': '{"name":"shop-functions","main":"index.js","type":"module"}',
  'hello.cjs': HELLO,
  'index.js': `export { hello } from './hello.cjs';
export { auth, gateway } from 'tiki-firebase-bridge';`,
};

type Files = Readonly<Record<string, string>>;
const folders = new Map<Files, string>();
function codebase(files: Files): string {
  const made = folders.get(files);
  if (made !== undefined) return made;
  const folder = mkdtempSync(join(tmpdir(), 'codebase-'));
  folders.set(files, folder);
  packed().installIn(folder, files);
  return folder;
}
afterAll(() => {
  for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true });
});

const type = { 'Content-Type': 'application/json' };
const REQUESTS: readonly [string, RequestInit][] = [
  ['/', {}],
  ['/favicon.ico', {}],
  ['/auth_exchange', { method: 'POST', headers: type, body: '{"code":"a"}' }],
  ['/malformed', { method: 'POST', headers: type, body: '{"code":' }],
  ['/form', { method: 'PUT', body: new URLSearchParams({ a: '1' }) }],
  ['/head', { method: 'HEAD' }],
  ['/preflight', { method: 'OPTIONS', headers: { Origin: 'https://shop.example' } }],
];

/** All that a caller, Cloud Run and Cloud Logging see of `hello`. */
async function seenOf(source: string) {
  const running = await startFunction({ source, target: 'hello' });
  const answers = [];
  for (const [path, init] of REQUESTS) {
    const response = await fetch(running.origin + path, init);
    const headers = [...response.headers].filter(([name]) => name !== 'date');
    answers.push({ path, status: response.status, headers, body: await response.text() });
  }
  const exitCode = await running.stop();
  const without = (text: string) =>
    text
      .replaceAll(source, '')
      .replace(/"execution_id":"\w+"/g, '')
      .replace(/\b\d{4,5}\b/g, '');
  return {
    answers,
    exitCode,
    stdout: without(running.stdout()),
    stderr: without(running.stderr()),
  };
}

interface Discovered {
  readonly endpoints: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly params: readonly { readonly name: string }[];
}

/** What the Firebase CLI learns of a codebase before it deploys, from the user's own firebase-functions. */
function discovered(source: string): Discovered {
  const file = join(source, 'functions.json');
  const script = join(source, 'node_modules/firebase-functions/lib/bin/firebase-functions.js');
  execFileSync(process.execPath, [script, source], {
    cwd: source,
    env: { PATH: process.env.PATH, FUNCTIONS_MANIFEST_OUTPUT_PATH: file, GCLOUD_PROJECT: 'shop' },
  });
  return JSON.parse(readFileSync(file, 'utf8')) as Discovered;
}

describe("exports in one's own codebase", () => {
  it('change nothing of the functions beside them', async () => {
    const before = await seenOf(codebase(BEFORE));
    const after = await seenOf(codebase(AFTER));

    expect(before.answers.map(({ status }) => status)).toEqual([200, 404, 200, 400, 200, 200, 200]);
    expect(after).toEqual(before);
  });

  it('are deployed beside them, each with its own options', () => {
    const before = discovered(codebase(BEFORE));
    const { endpoints, params } = discovered(codebase(AFTER));

    expect(endpoints['hello']).toEqual(before.endpoints['hello']);
    expect(Object.keys(endpoints)).toEqual(['hello', 'tikiBridge-auth', 'tikiBridge-gateway']);
    expect(endpoints['tikiBridge-auth']).toMatchObject({
      entryPoint: 'tikiBridge.auth',
      region: ['asia-southeast1'],
      availableMemoryMb: 256,
      secretEnvironmentVariables: [{ key: 'TIKI_CLIENT_SECRET' }],
    });
    expect(params.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['TIKI_CLIENT_KEY', 'TIKI_CLIENT_SECRET', 'PATH_PREFIX']),
    );
  });

  it('log in beside them, without Express', async () => {
    const bridge = await startProcessBridge({ source: codebase(ES_MODULE) });
    try {
      const { authCode } = bridge.simulator.issueAuthCode({ customerId: '9007199254740993' });

      const response = await bridge.exchange(authCode);
      expect(response.status).toBe(200);
      expect(await json(response)).toMatchObject({ uid: 'tiki:9007199254740993' });
      await bridge.function.stop();
      // A request through Express would have warned.
      expect(bridge.function.logs()).toMatchObject([{ message: 'auth_exchange: ok' }]);
      expect(bridge.function.refusedConnections()).toEqual([]);
    } finally {
      await bridge.close();
    }
  });
});
