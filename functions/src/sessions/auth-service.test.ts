import { systemClock } from '../clock';
import type { HttpClient } from '../upstream/http-client';
import { createAuthService } from './auth-service';

type Sent = Awaited<ReturnType<HttpClient['send']>>;

const answer = (status: number, body: string): Sent => ({
  kind: 'answer',
  data: { status, body: Buffer.from(body), header: () => undefined },
});
const refusal = (status: number, message: string) =>
  answer(status, JSON.stringify({ error: { message } }));

const CONTEXT = { deadline: () => 8_000, caller: 'tiki:1' };

function serviceOn(sent: Sent) {
  const waiting = { ...systemClock, sleep: () => Promise.resolve() };
  return createAuthService({
    upstreams: {
      identityToolkit: new URL('https://identitytoolkit.test'),
      secureToken: new URL('https://securetoken.test'),
    },
    apiKey: 'key',
    http: { send: () => Promise.resolve(sent), close: () => undefined },
    clock: waiting,
  });
}

it.each([
  'INVALID_CUSTOM_TOKEN : Invalid assertion',
  'CREDENTIAL_MISMATCH',
  'TOKEN_EXPIRED',
  'INVALID_REFRESH_TOKEN',
  'USER_DISABLED',
  'USER_NOT_FOUND',
])('knows that a session is over: %s', async (message) => {
  const service = serviceOn(refusal(400, message));
  expect(await service.signIn('token', CONTEXT)).toBeUndefined();
  expect(await service.refresh('token', CONTEXT)).toBeUndefined();
});

// None of these says anything about the user, who stays signed in.
it.each<[string, string, Sent]>([
  ['a quota', 'upstream-unavailable', refusal(400, 'QUOTA_EXCEEDED : Exceeded quota')],
  ['too many requests', 'upstream-unavailable', refusal(429, 'RESOURCE_EXHAUSTED')],
  ['a failure of Google', 'upstream-unavailable', refusal(500, 'INTERNAL')],
  ['a page', 'upstream-unavailable', answer(502, '<html>')],
  ['a refused key', 'misconfigured', refusal(400, 'API key not valid.')],
  ['another shape', 'upstream-bad-response', answer(200, '{"idToken":7}')],
  ['no JSON', 'upstream-bad-response', answer(200, '<html>')],
  ['silence', 'upstream-timeout', { kind: 'no-answer' }],
  ['no connection', 'upstream-unavailable', { kind: 'no-connection', errno: 'ECONNREFUSED' }],
])('reports %s as %s', async (_, code, sent) => {
  const service = serviceOn(sent);
  await expect(service.refresh('token', CONTEXT)).rejects.toMatchObject({ code });
});

it('asks nobody without time', async () => {
  const service = serviceOn(refusal(400, 'USER_DISABLED'));
  const late = { ...CONTEXT, deadline: () => 0 };
  await expect(service.refresh('token', late)).rejects.toMatchObject({ code: 'upstream-timeout' });
});
