import { Agent } from 'node:http';
import { connect } from 'node:net';
import type { RecordedCall } from './types';
import {
  CLIENT_KEY,
  http,
  post,
  reasonOf,
  signedHeaders,
  simulatorForEachTest,
  type SignedCall,
} from './test-client';

const START = 1_700_000_000_000;
const TOLERANCE = 5 * 60_000;
const EXCHANGE = '/oauth/auth/token';

describe('the Open API', () => {
  let onCall: (call: RecordedCall) => void = () => undefined;
  const tiki = simulatorForEachTest({
    now: () => START,
    onCall: (call) => {
      onCall(call);
    },
  });

  function exchange(call: SignedCall) {
    const { authCode } = tiki().issueAuthCode({ customerId: '1001' });
    return post(tiki(), EXCHANGE, { code: authCode }, { timestamp: START, ...call });
  }

  it.each<[string, SignedCall]>([
    [
      'the older client header beside the new one',
      { headers: { 'x-tiniapp-client-key': CLIENT_KEY } },
    ],
    ['a charset', { headers: { 'content-type': 'application/json; charset=utf-8' } }],
    ['a timestamp as old as tolerated', { timestamp: START - TOLERANCE }],
    ['a timestamp as far ahead as tolerated', { timestamp: START + TOLERANCE }],
  ])('accepts %s', async (_what, call) => {
    expect((await exchange(call)).status).toBe(200);
  });

  it.each<[string, SignedCall, string]>([
    ['without client id', { without: ['x-tiniapp-client-id'] }, 'X-Tiniapp-Client-Id is missing'],
    [
      'with the older client header alone',
      { without: ['x-tiniapp-client-id'], headers: { 'x-tiniapp-client-key': CLIENT_KEY } },
      'X-Tiniapp-Client-Id is missing',
    ],
    [
      'with another client id',
      { headers: { 'x-tiniapp-client-id': 'other' } },
      'not the client key',
    ],
    ['whose client headers differ', { headers: { 'x-tiniapp-client-key': 'other' } }, 'differs'],
    ['without timestamp', { without: ['x-tiniapp-timestamp'] }, 'X-Tiniapp-Timestamp is missing'],
    ['with a timestamp in seconds', { timestamp: START / 1000 }, 'is in seconds'],
    ['with a timestamp in ISO form', { timestamp: '2023-11-14T22:13:20Z' }, 'not a decimal'],
    ['with a timestamp too old', { timestamp: START - TOLERANCE - 1 }, '300001 ms old'],
    ['with a timestamp too far ahead', { timestamp: START + TOLERANCE + 1 }, '300001 ms ahead'],
    ['without signature', { without: ['x-tiniapp-signature'] }, 'X-Tiniapp-Signature is missing'],
    ['signed with another secret', { secret: 'other' }, 'another secret'],
    ['with an empty signature', { headers: { 'x-tiniapp-signature': '' } }, 'does not match'],
  ])('refuses a call %s as invalid_signature', async (_what, call, problem) => {
    const answer = await exchange(call);
    expect([answer.status, reasonOf(answer)]).toEqual([400, 'invalid_signature']);
    expect(tiki().calls.at(-1)?.problem).toContain(problem);
  });

  it('rejects the same JSON in different bytes than signed', async () => {
    const headers = signedHeaders('{"code":"a.b"}', { timestamp: START });
    const answer = await http(`${tiki().apiBaseUrl}${EXCHANGE}`, {
      headers,
      body: '{"code": "a.b"}',
    });
    expect(reasonOf(answer)).toBe('invalid_signature');
  });

  it('does not use up a code when the signature is wrong', async () => {
    const { authCode: code } = tiki().issueAuthCode({ customerId: '1001' });
    await post(tiki(), EXCHANGE, { code }, { timestamp: START, secret: 'other' });
    expect((await post(tiki(), EXCHANGE, { code }, { timestamp: START })).status).toBe(200);
  });

  it.each([
    ['text', 'code'],
    ['nothing', ''],
    ['an array', '["a.b"]'],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['a number for the code', '{"code":1}'],
    ['another key', '{"auth_code":"a.b"}'],
    ['a further key', '{"code":"a.b","state":"x"}'],
    ['a prototype key', '{"code":"a.b","__proto__":{}}'],
    ['a byte order mark', '\ufeff{"code":"a.b"}'],
    ['bytes that are not UTF-8', Buffer.from('{"code":"\xff"}', 'latin1')],
  ])('refuses a signed body of %s as invalid_request', async (_what, body) => {
    const answer = await post(tiki(), EXCHANGE, body, { timestamp: START });
    expect([answer.status, reasonOf(answer)]).toEqual([400, 'invalid_request']);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1'])(
    'rejects the content type %s',
    async (type) => {
      const answer = await exchange({ headers: { 'content-type': type } });
      expect([answer.status, reasonOf(answer)]).toEqual([415, 'unsupported_media_type']);
    },
  );

  it('rejects a body over 64 KiB and keeps the connection usable', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const code = 'x'.repeat(64 * 1024);
    const answer = await post(tiki(), EXCHANGE, { code }, { timestamp: START, agent });
    expect([answer.status, reasonOf(answer)]).toEqual([413, 'payload_too_large']);
    expect((await exchange({ agent })).status).toBe(200);
    expect(tiki().connectionsAccepted()).toBe(1);
    agent.destroy();
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('rejects %s', async (method) => {
    const answer = await exchange({ method });
    expect([answer.status, reasonOf(answer)]).toEqual([405, 'method_not_allowed']);
    expect(answer.headers.allow).toBe('POST');
  });

  it.each([
    '/tiniapp-sandbox-open-api/oauth/auth/token',
    '/oauth/auth/token',
    '/tiniapp-open-api/oauth/auth/token/',
    '/tiniapp-open-api//oauth/auth/token',
    '/tiniapp-open-api/oauth/auth/token?x=1',
    '/tiniapp-open-api/OAuth/auth/token',
    '/tiniapp-open-api/orders',
    '/tiniapp-open-api/order/',
    '/tiniapp-open-api/order/complete?x=1',
    '/tiniapp-open-api',
    '/',
  ])('serves nothing at %s', async (target) => {
    const answer = await http(`${tiki().origin}${target}`, {
      headers: signedHeaders('{"code":"a.b"}', { timestamp: START }),
      body: '{"code":"a.b"}',
    });
    expect([answer.status, reasonOf(answer)]).toEqual([404, 'not_found']);
    expect(tiki().calls.at(-1)?.outcome).toBe('not_found');
  });

  it('records calls in order', async () => {
    const call = { timestamp: START, headers: { 'x-tiniapp-client-key': CLIENT_KEY } };
    await post(tiki(), EXCHANGE, '{"code":"a.b"}', call);
    await post(tiki(), '/oauth/me', '{"access_token":"c"}', { ...call, secret: 'other' });
    const recorded = {
      method: 'POST',
      at: START,
      ms: 0,
      timestampHeader: String(START),
      clientId: CLIENT_KEY,
      clientKeyHeader: CLIENT_KEY,
      signature: expect.stringMatching(/^[\da-f]{64}$/) as string,
    };
    expect(tiki().calls).toEqual([
      {
        ...recorded,
        path: EXCHANGE,
        rawBody: '{"code":"a.b"}',
        outcome: 'invalid_code',
        problem: 'code was never issued',
      },
      {
        ...recorded,
        path: '/oauth/me',
        rawBody: '{"access_token":"c"}',
        outcome: 'invalid_signature',
        problem: expect.stringContaining('another secret') as string,
      },
    ]);
  });

  it('records an aborted request', async () => {
    const over = new Promise<RecordedCall>((resolve) => {
      onCall = resolve;
    });
    const { port } = new URL(tiki().origin);
    const socket = connect(Number(port), '127.0.0.1');
    socket.end(
      `POST /tiniapp-open-api/oauth/me HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"a`,
    );
    expect(await over).toMatchObject({ path: '/oauth/me', outcome: 'aborted' });
    socket.destroy();
  });

  it('counts connections, and closes them on close()', async () => {
    const agent = new Agent({ keepAlive: true });
    await exchange({ agent });
    await exchange({ agent });
    expect([tiki().connectionsAccepted(), tiki().openSockets()]).toEqual([1, 1]);
    await tiki().close();
    expect(tiki().openSockets()).toBe(0);
    await expect(exchange({})).rejects.toThrow('ECONNREFUSED');
    await tiki().close();
    agent.destroy();
  });
});
