import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startFunction, type RunningFunction } from '@tiki-bridge/testing/google/framework';
import { startProcessBridge } from '../support/process';

const FUNCTIONS = path.resolve(__dirname, '../..');
const BRIDGE = JSON.stringify(path.join(FUNCTIONS, 'lib', 'index.js'));
const PARAMETERS = { TIKI_CLIENT_KEY: 'key', TIKI_CLIENT_SECRET: 'secret', GCLOUD_PROJECT: 'demo' };

const OWN = `onRequest((req, res) => res.json({ body: req.body, raw: req.rawBody?.length ?? 0 }))`;

/** A code base that has the bridge's functions under other names, and one of its own. */
const COMMON_JS = {
  'package.json': '{"main":"index.js"}',
  'index.js': `
    const { onRequest } = require('firebase-functions/https');
    const bridge = require(${BRIDGE});
    process.on('SIGTERM', () => console.log('own listener'));
    exports.login = bridge.auth;
    exports.group = { gate: bridge.gateway };
    exports.auth = ${OWN};`,
};
const ES_MODULE = {
  'package.json': '{"main":"index.mjs","type":"module"}',
  'index.mjs': `
    import { onRequest } from 'firebase-functions/https';
    export { auth as login } from ${BRIDGE};
    export const auth = ${OWN};`,
};

describe("the seam to functions-framework in somebody's own code base", () => {
  let source: string;
  let running: RunningFunction;
  beforeEach(() => {
    source = mkdtempSync(path.join(tmpdir(), 'seam-'));
    symlinkSync(path.join(FUNCTIONS, 'node_modules'), path.join(source, 'node_modules'));
  });
  afterEach(async () => {
    await running.stop();
    rmSync(source, { recursive: true });
  });

  async function start(files: Readonly<Record<string, string>>, target: string): Promise<void> {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(source, name), text);
    running = await startFunction({ source, target, env: PARAMETERS });
  }
  /** Of a path that the framework answers by itself. */
  const contentTypeOfFavicon = async () =>
    (await fetch(`${running.origin}/favicon.ico`)).headers.get('content-type');

  it.each([
    ['renamed', COMMON_JS, 'login'],
    ['grouped', COMMON_JS, 'group.gate'],
    ['re-exported by an ES module', ES_MODULE, 'login'],
  ])('takes over a function of the bridge that is %s', async (_, files, target) => {
    await start(files, target);
    expect(await contentTypeOfFavicon()).toContain('application/problem+json');
    await running.stop();
    const messages = running.logs().map(({ message }) => message);
    expect(messages).toEqual(expect.arrayContaining(['unknown: not-found']));
    expect(messages.join()).not.toContain('functions-framework');
  });

  it.each([
    ['CommonJS', COMMON_JS],
    ['ES', ES_MODULE],
  ])("leaves the code base's own function to the framework (%s)", async (_, files) => {
    await start(files, 'auth');
    expect(await contentTypeOfFavicon()).toBeNull();
    const response = await fetch(running.origin, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"a":1}',
    });
    expect(await response.json()).toEqual({ body: { a: 1 }, raw: 7 });
  });

  it("keeps the code base's own listener for SIGTERM", async () => {
    await start(COMMON_JS, 'login');
    await contentTypeOfFavicon();
    await running.stop();
    expect(running.stdout()).toContain('own listener');
  });
});

describe('where the server of the framework is not found', () => {
  it('serves through Express, and says so once', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'seam-'));
    const preload = path.join(folder, 'preload.cjs');
    // Another version of Node or of the framework, in which nothing is published.
    writeFileSync(preload, "require('node:diagnostics_channel').subscribe = () => undefined;");
    const bridge = await startProcessBridge({ preload: [preload] });
    for (const customerId of ['7', '8']) {
      const { authCode } = bridge.simulator.issueAuthCode({ customerId });
      const response = await bridge.exchange(authCode);
      expect(await response.json()).toMatchObject({ uid: `tiki:${customerId}` });
    }
    expect((await bridge.exchange('x'.repeat(20_000))).status).toBe(413);
    await bridge.close();
    rmSync(folder, { recursive: true });
    const said = bridge.function.logs().filter(({ message }) => /Express/.test(String(message)));
    expect(said).toHaveLength(1);
  });
});
