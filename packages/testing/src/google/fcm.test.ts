import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import { json } from 'node:stream/consumers';
import tls from 'node:tls';
import { createAccessTokens } from './access-tokens';
import { type Certificates, makeCertificates } from './certificates';
import { FCM_HOST, startFcm, type FcmFake } from './fcm';

const PROJECT = 'demo-fcm';
const PATH = `/v1/projects/${PROJECT}/messages:send`;
const tokens = createAccessTokens({ now: () => 0, lifetimeSeconds: 60 });
const { access_token: accessToken } = tokens.issue('sender@example.com');

let certificates: Certificates;
let fcm: FcmFake;
beforeAll(async () => {
  certificates = await makeCertificates([FCM_HOST]);
});
beforeEach(async () => {
  fcm = await startFcm({ projectId: PROJECT, tokens, tls: certificates });
});
afterEach(() => fcm.close());

interface Asked {
  readonly path?: string;
  readonly authorization?: string;
  readonly body?: unknown;
}
const MESSAGE = { token: 'device-1', data: { a: 'b' } };

const portOf = ({ address }: FcmFake) => Number(address.split(':')[1]);

/** One request by HTTP/2. Rejects if the stream or the session ends before an answer. */
async function send({ path = PATH, authorization, body = { message: MESSAGE } }: Asked = {}) {
  const { caPem: ca } = certificates;
  const session = http2.connect(`https://${FCM_HOST}`, {
    createConnection: () =>
      tls.connect({
        ...{ host: '127.0.0.1', port: portOf(fcm), servername: FCM_HOST, ca },
        ALPNProtocols: ['h2'],
      }),
  });
  session.on('error', () => undefined);
  try {
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      authorization: authorization ?? `Bearer ${accessToken}`,
      'content-type': 'application/json',
    });
    stream.end(JSON.stringify(body));
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    return { status: headers[':status'], body: await json(stream) };
  } finally {
    session.destroy();
  }
}

const errorOf = (code: number, status: string) => ({
  status: code,
  body: { error: expect.objectContaining({ code, status }) as unknown },
});

it('accepts a message by HTTP/2', async () => {
  expect(await send()).toEqual({
    status: 200,
    body: { name: `projects/${PROJECT}/messages/1` },
  });
  expect(fcm.messages).toEqual([MESSAGE]);
  expect(fcm.calls).toEqual([{ version: '2.0', outcome: 200 }]);
});

it('accepts a message by HTTP/1.1', async () => {
  const request = https.request({
    ...{ host: '127.0.0.1', port: portOf(fcm), servername: FCM_HOST, ca: certificates.caPem },
    ...{ method: 'POST', path: PATH },
    headers: {
      Host: FCM_HOST,
      Authorization: `Bearer ${accessToken}`,
      'Content-Type': 'application/json',
    },
  });
  request.end(JSON.stringify({ message: MESSAGE }));
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  expect(response.statusCode).toBe(200);
  await json(response);
  expect(fcm.calls).toEqual([{ version: '1.1', outcome: 200 }]);
});

it.each([
  ['no access token', { authorization: 'Basic x' }, 401, 'UNAUTHENTICATED'],
  ['an unknown access token', { authorization: 'Bearer ya29.other' }, 401, 'UNAUTHENTICATED'],
  ['no message', { body: {} }, 400, 'INVALID_ARGUMENT'],
  ['no token', { body: { message: { data: {} } } }, 400, 'INVALID_ARGUMENT'],
  ['an unknown field', { body: { message: { ...MESSAGE, to: 'a' } } }, 400, 'INVALID_ARGUMENT'],
  [
    'a number as data',
    { body: { message: { ...MESSAGE, data: { a: 1 } } } },
    400,
    'INVALID_ARGUMENT',
  ],
  [
    'reserved data',
    { body: { message: { ...MESSAGE, data: { from: 'a' } } } },
    400,
    'INVALID_ARGUMENT',
  ],
  [
    'a long topic',
    { body: { message: { ...MESSAGE, webpush: { headers: { Topic: 'a'.repeat(33) } } } } },
    400,
    'INVALID_ARGUMENT',
  ],
  [
    'too much data',
    { body: { message: { ...MESSAGE, data: { a: 'ă'.repeat(2_048) } } } },
    400,
    'INVALID_ARGUMENT',
  ],
] as const)('refuses %s', async (_, asked, code, status) => {
  expect(await send(asked)).toEqual(errorOf(code, status));
  expect(fcm.messages).toEqual([]);
});

it('has nothing at other paths', async () => {
  await expect(send({ path: '/v1/projects/other/messages:send' })).rejects.toThrow();
  expect(fcm.calls).toEqual([{ version: '2.0', outcome: 404 }]);
});

it.each([
  ['UNREGISTERED', 404],
  ['INVALID_ARGUMENT', 400],
  ['SENDER_ID_MISMATCH', 403],
  ['QUOTA_EXCEEDED', 429],
  ['UNAVAILABLE', 503],
  ['INTERNAL', 500],
  ['THIRD_PARTY_AUTH_ERROR', 401],
] as const)('answers %s', async (errorCode, code) => {
  fcm.setFault(() => errorCode);
  const { status, body } = await send();
  expect(status).toBe(code);
  expect(body).toMatchObject({ error: { code, details: [{ errorCode }] } });
  fcm.setFault(null);
  expect(await send()).toMatchObject({ status: 200 });
});

it.each(['reset', 'goaway-before', 'goaway-after'] as const)('ends with %s', async (fault) => {
  fcm.setFault(() => fault);
  await expect(send()).rejects.toThrow();
  expect(fcm.messages).toHaveLength(fault === 'goaway-after' ? 1 : 0);
});
