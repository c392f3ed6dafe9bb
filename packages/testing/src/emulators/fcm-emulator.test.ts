import { mkdtempSync } from 'node:fs';
import { request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type FcmEmulator, startFcmEmulator } from './fcm-emulator';

let fcm: FcmEmulator;
beforeAll(async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fcm-emulator-'));
  fcm = await startFcmEmulator({ projectId: 'demo', folder, nodeOptions: '' });
});
afterAll(() => fcm.stop());

/** `fetch` would set these headers by itself. */
function get(target: string, headers: Readonly<Record<string, string>>) {
  const { port } = new URL(fcm.origin);
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: target, headers }, (response) => {
      text(response).then((body) => {
        const allowed = response.headers['access-control-allow-origin'];
        resolve({ status: response.statusCode, allowed, body });
      }, reject);
    })
      .on('error', reject)
      .end();
  });
}

it.each(['/', '/messages?token=a'])(
  'shows pages of this machine what arrived: %s',
  async (target) => {
    const origin = 'http://127.0.0.1:5002';

    expect(await get(target, { origin })).toEqual({ status: 200, allowed: origin, body: '[]' });
  },
);

it.each([
  ['a page of another site', { origin: 'https://evil.example' }],
  ['a name that leads here by DNS rebinding', { host: 'evil.example' }],
])('shows nothing to %s', async (_, headers) => {
  expect(await get('/', headers)).toMatchObject({ status: 404, allowed: undefined });
});
