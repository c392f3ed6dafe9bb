import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeCertificates } from '@tiki-bridge/testing/google/certificates';
import {
  jsonAnswer,
  type LoopbackFake,
  startLoopbackFake,
} from '@tiki-bridge/testing/google/loopback-fake';
import { makeServiceAccount } from '@tiki-bridge/testing/google/service-account';
import { type KeyLike, SignJWT, UnsecuredJWT } from 'jose';

const GOOGLE = 'www.googleapis.com';
const OWN_URL = 'https://api.shop.example.com';
const MAP_HOSTS = require.resolve('@tiki-bridge/testing/google/map-hosts.cjs');
const account = makeServiceAccount('bridge', 'demo-shop');
const ours = createPrivateKey(account.privateKeyPem);

/** Serves the Flask example, with all its connections led to Google's fake. */
const SERVE_FLASK = `
import os, socket
from werkzeug.serving import make_server
host, port = os.environ["GOOGLE"].split(":")
connect = socket.create_connection
socket.create_connection = lambda _, *more, **options: connect((host, int(port)), *more, **options)
from main import app
server = make_server("127.0.0.1", 0, app)
print(f"Listening on port {server.server_port}", flush=True)
server.serve_forever()
`;

/** Debian's first: its packages are python3-flask and python3-jwt. */
const python = ['/usr/bin/python3', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import flask, jwt, cryptography']).status === 0,
);
const folder = mkdtempSync(path.join(tmpdir(), 'examples-'));

let google: LoopbackFake<never>;
const running: ChildProcess[] = [];
beforeAll(async () => {
  const tls = await makeCertificates([GOOGLE]);
  const key = createPublicKey(account.publicKeyPem).export({ format: 'jwk' });
  google = await startLoopbackFake<never>({
    tls,
    answer: ({ url }) =>
      url.pathname === `/service_accounts/v1/jwk/${account.email}`
        ? jsonAnswer(200, { keys: [{ ...key, kid: account.keyId, alg: 'RS256', use: 'sig' }] })
        : { status: 404, body: '' },
  });
  writeFileSync(path.join(folder, 'ca.pem'), tls.caPem);
});
afterAll(async () => {
  for (const child of running) {
    child.kill();
    await once(child, 'close');
  }
  await google.close();
  rmSync(folder, { recursive: true });
});

/** @returns the address that the example prints */
async function start(command: string, args: readonly string[]): Promise<string> {
  const ca = path.join(folder, 'ca.pem');
  const child = spawn(command, args, {
    cwd: __dirname,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      BRIDGE_ACCOUNT: account.email,
      OWN_URL,
      NODE_EXTRA_CA_CERTS: ca,
      MAP_HOSTS: JSON.stringify({ [`${GOOGLE}:443`]: google.address }),
      SSL_CERT_FILE: ca,
      GOOGLE: google.address,
      PYTHONPATH: path.join(__dirname, 'flask'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  running.push(child);
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    const port = /port (\d+)/.exec(printed)?.[1];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
  }
  throw new Error(`${command} did not start`);
}

type Claims = Readonly<Record<string, unknown>>;

/** @param changes An undefined claim is left out. */
function claims(changes: Claims = {}): Claims {
  const iat = Math.floor(Date.now() / 1_000);
  return { iss: account.email, sub: 'tiki:1', aud: OWN_URL, iat, exp: iat + 60, ...changes };
}

function token(changes: Claims = {}, key: KeyLike | Uint8Array = ours, alg = 'RS256') {
  const header = { alg, kid: account.keyId };
  return new SignJWT(claims(changes)).setProtectedHeader(header).sign(key);
}

const strangers = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;

const FORGERIES: readonly (readonly [string, () => string | Promise<string>])[] = [
  ['nothing', () => ''],
  ['no token', () => 'tiki:1'],
  ["a stranger's signature", () => token({}, strangers)],
  ['no signature', () => new UnsecuredJWT(claims()).encode()],
  ['the public key as a password', () => token({}, Buffer.from(account.publicKeyPem), 'HS256')],
  ['another issuer', () => token({ iss: 'other@demo-shop.iam.gserviceaccount.com' })],
  ["another service's audience", () => token({ aud: 'https://other.shop.example.com' })],
  ['the time over', () => token({ exp: Math.floor(Date.now() / 1_000) - 3_600 })],
  ['no end', () => token({ exp: undefined })],
  ['no user', () => token({ sub: undefined })],
];

const EXAMPLES = [
  { name: 'Express', command: process.execPath, args: ['--require', MAP_HOSTS, 'express.mjs'] },
  { name: 'Flask', command: python, args: ['-c', SERVE_FLASK] },
];

describe.each(EXAMPLES)('the example in $name', ({ command, args }) => {
  // A developer need not have Python's packages.
  const isLeftOut = command === undefined && !process.env['CI'];
  (isLeftOut ? it.skip : it)(
    'believes the bridge and no forgery, and blames nobody for an outage',
    async () => {
      const origin = await start(command ?? 'python3', args);
      const whoami = (value: string) =>
        fetch(`${origin}/whoami`, { headers: { 'X-Tiki-User': value } });

      google.setFault('reset');
      expect((await whoami(await token())).status).toBe(503);
      google.setFault(null);
      const answer = await whoami(await token());
      expect([answer.status, await answer.json()]).toEqual([200, { uid: 'tiki:1' }]);
      const statuses = await Promise.all(
        FORGERIES.map(async ([name, forge]) => [name, (await whoami(await forge())).status]),
      );
      expect(statuses).toEqual(FORGERIES.map(([name]) => [name, 401]));
    },
  );
});
