import * as z from 'zod';
import {
  isTrouble,
  readAnswer,
  successEnvelope,
  type RawAnswer,
  type TikiOutcome,
} from './outcome';
import { meAnswer, tokensAnswer } from './provider';

const answer = (body: string | Uint8Array, status = 200, retryAfter?: string): RawAnswer => ({
  status,
  body: typeof body === 'string' ? Buffer.from(body) : body,
  retryAfter,
});
const anything = successEnvelope(z.unknown());
const tokens = (customer: string) =>
  `{"data":{"access_token":"at","expires_in":3600,"refresh_token":"rt","scopes":["offline"],` +
  `"token_type":"bearer"${customer}},"error":null}`;

describe('readAnswer', () => {
  it('reads the tokens of an exchange, the id with all its digits', () => {
    const body = tokens(',"customer":{"id":9007199254740993,"name":"Nguyễn Văn A"}');
    expect(readAnswer(answer(body), tokensAnswer)).toEqual({
      kind: 'answer',
      data: {
        accessToken: 'at',
        expiresIn: 3600,
        refreshToken: 'rt',
        scopes: ['offline'],
        tokenType: 'bearer',
        customer: { id: '9007199254740993', name: 'Nguyễn Văn A' },
      },
    });
  });

  it.each(['', ',"customer":null'])('reads tokens without a customer (%s)', (customer) => {
    const outcome = readAnswer(answer(tokens(customer)), tokensAnswer);
    expect(outcome).toMatchObject({ kind: 'answer', data: { customer: undefined } });
  });

  it("takes Go's null for an empty list, and an empty refresh token for none", () => {
    const body =
      '{"data":{"access_token":"at","expires_in":1,"refresh_token":"","scopes":null,"token_type":"bearer"}}';
    expect(readAnswer(answer(body), tokensAnswer)).toMatchObject({
      kind: 'answer',
      data: { scopes: [], refreshToken: undefined },
    });
  });

  it('reads who an access token belongs to', () => {
    const body = '{"data":{"customer_id":7,"customer_name":null,"scopes":["a"]},"error":null}';
    expect(readAnswer(answer(body), meAnswer)).toEqual({
      kind: 'answer',
      data: { customer: { id: '7', name: '' }, scopes: ['a'] },
    });
  });

  it.each([200, 400, 401, 500, 503])(
    'takes an error envelope for a refusal with status %d',
    (status) => {
      const body =
        '{"data":null,"error":{"code":400,"reason":"invalid_code","message":"m","metadata":{"service_code":12,"request_id":"r-1"}}}';
      expect(readAnswer(answer(body, status), anything)).toEqual({
        kind: 'refused',
        code: 400,
        reason: 'invalid_code',
        status,
        serviceCode: '12',
        requestId: 'r-1',
      });
    },
  );

  it('takes an error beside data for a refusal', () => {
    const body = '{"data":{"a":1},"error":{"reason":"invalid_code"}}';
    expect(readAnswer(answer(body), anything).kind).toBe('refused');
  });

  it('keeps nothing of a reason that could break a log', () => {
    const body = JSON.stringify({
      error: {
        reason: 'x\n{"severity":"INFO"}',
        metadata: { service_code: 'a b', request_id: {} },
      },
    });
    expect(readAnswer(answer(body), anything)).toEqual({
      kind: 'refused',
      reason: 'unreadable',
      status: 200,
      serviceCode: 'unreadable',
    });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"data":'],
    ['HTML', '<html><body>Bad gateway</body></html>'],
    ['a number', '1'],
    ['a list', '[]'],
    ['null', 'null'],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
    ['lists nested beyond any stack', '['.repeat(60_000)],
    ['an error without a reason', '{"data":{},"error":{"code":1}}'],
    ['an error that is no object', '{"data":{},"error":"no"}'],
  ])('calls %s a wrong shape, and with another status an unexpected status', (_, body) => {
    const schema = successEnvelope(z.object({}));
    expect(readAnswer(answer(body), schema).kind).toBe('wrong-shape');
    expect(readAnswer(answer(body, 502), schema)).toEqual({
      kind: 'unexpected-status',
      status: 502,
    });
  });

  it.each([302, 304, 404, 429, 500])('does not take data that comes with status %d', (status) => {
    const body = tokens(',"customer":{"id":1,"name":"A"}');
    expect(readAnswer(answer(body, status), tokensAnswer).kind).toBe('unexpected-status');
  });

  it('takes every 2xx for a success and nothing else', () => {
    const body = '{"data":{}}';
    const schema = successEnvelope(z.object({}));
    for (const status of [200, 201, 299]) {
      expect(readAnswer(answer(body, status), schema).kind).toBe('answer');
    }
    for (const status of [199, 300]) {
      expect(readAnswer(answer(body, status), schema).kind).toBe('unexpected-status');
    }
  });

  it('refuses data with bytes in it that are not UTF-8', () => {
    const body = Buffer.concat([Buffer.from('{"data":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(readAnswer(answer(body), anything)).toEqual({ kind: 'wrong-shape', where: 'body' });
  });

  it('names every place that is wrong, each once', () => {
    const schema = successEnvelope(z.object({ a: z.string(), b: z.string() }));
    expect(readAnswer(answer('{"data":{}}'), schema)).toEqual({
      kind: 'wrong-shape',
      where: 'data.a, data.b',
    });
  });

  it('keeps Retry-After of a refusal as well, and leaves out what is not there', () => {
    const body = '{"error":{"reason":"a"}}';
    expect(readAnswer(answer(body, 429, '30'), anything)).toStrictEqual({
      kind: 'refused',
      reason: 'a',
      status: 429,
      retryAfterSeconds: 30,
    });
    expect(readAnswer(answer(body, 429), anything)).toStrictEqual({
      kind: 'refused',
      reason: 'a',
      status: 429,
    });
  });

  it('reads Retry-After when it is a small number of seconds', () => {
    expect(readAnswer(answer('', 503, '7'), anything)).toMatchObject({ retryAfterSeconds: 7 });
    for (const header of ['-1', '1.5', 'Wed, 21 Oct 2026 07:28:00 GMT', '99999', '']) {
      expect(readAnswer(answer('', 503, header), anything)).not.toHaveProperty('retryAfterSeconds');
    }
  });

  it.each([
    ['1.0', 'data.customer.id'],
    ['"1"', 'data.customer.id'],
    ['0', 'data.customer.id'],
    ['true', 'data.customer.id'],
    ['null', 'data.customer.id'],
  ])('names the place of a wrong id (%s), never its value', (id, where) => {
    const body = tokens(`,"customer":{"id":${id},"name":"canary"}`);
    expect(readAnswer(answer(body), tokensAnswer)).toEqual({ kind: 'wrong-shape', where });
  });

  it('does not let a prototype lend a customer', () => {
    const body =
      '{"data":{"__proto__":{"customer":{"id":1,"name":"x"}},"access_token":"at","expires_in":1,' +
      '"scopes":[],"token_type":"bearer"},"error":null}';
    expect(readAnswer(answer(body), tokensAnswer)).toMatchObject({
      kind: 'answer',
      data: { customer: undefined },
    });
  });
});

describe('isTrouble', () => {
  it.each<[TikiOutcome<unknown>, boolean]>([
    [{ kind: 'unexpected-status', status: 500 }, true],
    [{ kind: 'unexpected-status', status: 429 }, true],
    [{ kind: 'unexpected-status', status: 499 }, false],
    [{ kind: 'refused', reason: 'something_new', status: 503 }, true],
    [{ kind: 'refused', reason: 'something_new', status: 400 }, false],
    [{ kind: 'refused', reason: 'invalid_code', status: 500 }, false],
    [{ kind: 'refused', reason: 'invalid_token', status: 500 }, false],
    [{ kind: 'refused', reason: 'invalid_signature', status: 500 }, false],
    [{ kind: 'wrong-shape', where: 'data' }, false],
    [{ kind: 'no-answer' }, false],
    [{ kind: 'answer', data: 1 }, false],
  ])('finds in %j: %s', (outcome, trouble) => {
    expect(isTrouble(outcome)).toBe(trouble);
  });
});
