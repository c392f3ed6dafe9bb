import { PROBLEMS } from '../../../functions/src/problem';
import {
  AN,
  clientForTests,
  DOMAIN,
  failureOf,
  MINUTE_MS,
  paths,
  START,
  stored,
} from '@tiki-bridge/testing/tini-runtime/setup';
import { googleError, json, problem } from '@tiki-bridge/testing/tini-runtime/stand-in';

const { scene } = clientForTests();
const EXCHANGE = '/auth_exchange';
const SIGN_IN = '/identitytoolkit/v1/accounts:signInWithCustomToken';

const codesSent = (requests: readonly { url: string; data: unknown }[]) =>
  requests
    .filter(({ url }) => url.endsWith(EXCHANGE))
    .map(({ data }) => (data as { readonly code: string }).code);

it('turns an auth code into a session', async () => {
  const { open, phone } = scene();
  const { firebase } = open();
  const calls: unknown[] = [];
  firebase.onAuthStateChanged((user) => calls.push(user && user.uid));
  const user = await firebase.signIn({ scopes: ['user_profile'] });
  expect(user.uid).toBe('tiki:1001');
  expect(user.customer.name).toBe('Nguyễn Văn An');
  expect(paths(phone.requests)).toEqual([EXCHANGE, SIGN_IN]);
  await firebase.getIdToken();
  expect(calls).toEqual([null, 'tiki:1001']);
});

it('asks each function at its own address where there is no Hosting', async () => {
  const { open, phone, server } = scene();
  const customer = { id: '1001', name: 'Nguyễn Văn An' };
  const body = { customToken: 'tiki:1001', uid: 'tiki:1001', customer, scopes: [] };
  server.answers.push({ path: '/auth/auth_exchange', answer: json(200, body) });

  const { firebase } = open({ baseUrl: `${DOMAIN}/auth`, gatewayUrl: `${DOMAIN}/` });
  await firebase.signIn();

  expect(paths(phone.requests)).toEqual([`/auth${EXCHANGE}`, SIGN_IN]);
});

it('adds the API key only if configured', async () => {
  const { open, phone } = scene();
  await open({ apiKey: 'key-1' }).firebase.signIn();
  expect(paths(phone.requests)).toEqual([EXCHANGE, `${SIGN_IN}?key=key-1`]);
});

it.each([
  ["the code '2'", { fail: '2' }, 'user-refused'],
  ['an object with the code 2', { fail: { error: 2 } }, 'user-refused'],
  ['Permission denied', { fail: 'Permission denied' }, 'user-refused'],
  [
    'Permission denied in an object',
    { fail: { error: 3, errorMessage: 'Permission denied' } },
    'user-refused',
  ],
  ["the code '1'", { fail: { error: '1', errorMessage: 'no permission' } }, 'scope-not-granted'],
  ['nothing', { fail: undefined }, 'user-refused'],
  [
    'a failure of the network',
    { fail: { error: 12, errorMessage: 'no internet' } },
    'no-auth-code',
  ],
  ['a failure without a name', { fail: { error: 3 } }, 'user-refused'],
  ['an empty object', { fail: {} }, 'user-refused'],
  ['other words', { fail: { error: 11, errorMessage: 'User cancelled' } }, 'user-refused'],
  ['a sentence', { fail: 'timeout after 12 s' }, 'no-auth-code'],
  ['a success without a code', { success: {} }, 'user-refused'],
  ['a success with a refused scope', { success: { authErrorScopes: { a: '2' } } }, 'user-refused'],
  [
    'a code, but not for the scope asked for',
    { success: { authCode: 'c', authErrorScopes: { offline: '1' }, authSuccessScopes: [] } },
    'scope-not-granted',
  ],
  [
    'a code, but not for the scope asked for, in the spelling of the type package',
    { success: { authCode: 'c', authErrorScope: { offline: '2' } } },
    'user-refused',
  ],
] as const)('fails when Tiki answers with %s', async (_, answer, code) => {
  const { open, phone } = scene();
  phone.authCodeAnswers.push(answer);
  const failure = await failureOf(open().firebase.signIn({ scopes: ['offline'] }));
  expect(failure.code).toBe(code);
  expect(phone.requests).toEqual([]);
});

it('does not tell an offline user that they refused, nor ask again', async () => {
  const { open, phone } = scene();
  phone.authCodeAnswers.push({ fail: { error: 12, errorMessage: 'no internet' } });
  const failure = await failureOf(open().firebase.signIn());
  expect(failure.message).toBe('Lỗi kết nối. Hãy thử lại.');
  expect(failure.extras.native).toEqual({ error: 12, errorMessage: 'no internet' });
  expect(phone.authCodes).toEqual([]);
});

it('lists the refused scopes', async () => {
  const { open, phone } = scene();
  phone.authCodeAnswers.push({ success: { authCode: 'c', authErrorScopes: { offline: '1' } } });
  const failure = await failureOf(open().firebase.signIn({ scopes: ['offline'] }));
  expect(failure.extras.scopes).toEqual(['offline']);
});

it('has Vietnamese messages by default', async () => {
  const { open, phone } = scene();
  phone.authCodeAnswers.push({ fail: '2' }, { fail: '2' });
  expect((await failureOf(open().firebase.signIn())).message).toBe('Bạn chưa cho phép đăng nhập.');
  const english = await failureOf(open({ language: 'en' }).firebase.signIn());
  expect(english.message).toBe('You declined the login.');
});

it.each(['lost', 'answer lost'] as const)(
  'sends no code twice when a request is %s, nor gets another, which may open a dialog',
  async (what) => {
    const { open, phone, time } = scene();
    phone.networkFaults.push({ path: EXCHANGE, what });
    const { firebase } = open();
    const failure = failureOf(firebase.signIn());
    await time.advance(5_000);
    expect((await failure).code).toBe('network');
    expect(codesSent(phone.requests)).toEqual(phone.authCodes);
    expect(phone.authCodes).toHaveLength(1);
    // The next tap gets a new one.
    expect((await firebase.signIn()).uid).toBe('tiki:1001');
    expect(new Set(codesSent(phone.requests)).size).toBe(2);
  },
);

it('does not resend a code that Tiki returns again on the next tap', async () => {
  const { open, phone } = scene();
  const { firebase } = open();
  const same = { success: { authCode: 'same' } };
  phone.authCodeAnswers.push(same, same);
  phone.networkFaults.push({ path: EXCHANGE, what: 'answer lost' });
  expect((await failureOf(firebase.signIn())).code).toBe('network');
  // The original failure, not one of the second tap.
  expect((await failureOf(firebase.signIn())).code).toBe('network');
  expect(codesSent(phone.requests)).toEqual(['same']);
  expect((await firebase.signIn()).uid).toBe('tiki:1001');
  expect(codesSent(phone.requests)).toEqual(['same', ...phone.authCodes]);
});

it.each([
  [503, 'overloaded'],
  [429, 'rate-limited'],
] as const)(
  'sends a code again that the bridge left unused: %i, %s',
  async (status, problemCode) => {
    const { open, phone, server } = scene();
    const { firebase } = open();
    const authCode = server.issueAuthCode(AN, []);
    phone.authCodeAnswers.push({ success: { authCode } }, { success: { authCode } });
    const answer = problem(status, problemCode, { 'retry-after': '60' });
    server.answers.push({ path: EXCHANGE, answer });
    expect((await failureOf(firebase.signIn())).code).toBe(problemCode);
    expect((await firebase.signIn()).uid).toBe('tiki:1001');
    expect(codesSent(phone.requests)).toEqual([authCode, authCode]);
  },
);

it('resends a code after a 429 without a body', async () => {
  const { open, phone, server } = scene();
  const { firebase } = open();
  const authCode = server.issueAuthCode(AN, []);
  phone.authCodeAnswers.push({ success: { authCode } }, { success: { authCode } });
  const answer = { status: 429, headers: { 'retry-after': '60' }, body: '' };
  server.answers.push({ path: EXCHANGE, answer });
  const failure = await failureOf(firebase.signIn());
  expect(failure).toMatchObject({ code: 'rate-limited', extras: { retryAfter: 60 } });
  expect((await firebase.signIn()).uid).toBe('tiki:1001');
  expect(codesSent(phone.requests)).toEqual([authCode, authCode]);
});

it('completes both of two taps that get the same code from Tiki', async () => {
  const { open, phone, server, time } = scene();
  const { firebase } = open();
  const authCode = server.issueAuthCode(AN, []);
  const same = { success: { authCode } };
  phone.authCodeAnswers.push(same, same, same, same);
  const both = Promise.all(
    [firebase.signIn(), firebase.signIn()].map((user) => user.catch(String)),
  );
  await time.advance(5_000);
  expect(await both).toMatchObject([{ uid: 'tiki:1001' }, { uid: 'tiki:1001' }]);
  expect(codesSent(phone.requests)).toEqual([authCode]);
});

it('times out when there is no response, and does not resend the code', async () => {
  const { open, phone, time } = scene();
  phone.behaviour = { ...phone.behaviour, ignoresTimeout: true };
  phone.networkFaults.push({ path: EXCHANGE, what: 'hang' });
  const failure = failureOf(open().firebase.signIn());
  await time.advance(20_000);
  expect((await failure).code).toBe('timeout');
  expect(codesSent(phone.requests)).toHaveLength(1);
});

it('resends the custom token when the network fails after the exchange', async () => {
  const { open, phone, time } = scene();
  phone.networkFaults.push({ path: SIGN_IN, what: 'answer lost' });
  const signedIn = open().firebase.signIn();
  await time.advance(300);
  await signedIn;
  expect(paths(phone.requests)).toEqual([EXCHANGE, SIGN_IN, SIGN_IN]);
});

it.each([
  ['seconds', '3'],
  ['a date', new Date(START + 3_000).toUTCString()],
])('honours a short Retry-After in %s', async (_, retryAfter) => {
  const { open, server, time, phone } = scene();
  // The date is the server's: the phone's clock does not matter.
  time.setClock(START + 24 * 60 * MINUTE_MS);
  const headers = { 'retry-after': retryAfter, date: new Date(START).toUTCString() };
  server.answers.push({ path: EXCHANGE, answer: problem(503, 'overloaded', headers) });
  const signedIn = open().firebase.signIn();
  await time.advance(2_999);
  expect(codesSent(phone.requests)).toHaveLength(1);
  await time.advance(1);
  expect((await signedIn).uid).toBe('tiki:1001');
  expect(new Set(codesSent(phone.requests)).size).toBe(1);
});

it('reports a longer Retry-After instead of waiting', async () => {
  const { open, server } = scene();
  server.answers.push({
    path: EXCHANGE,
    answer: problem(429, 'rate-limited', { 'Retry-After': '60' }),
  });
  const failure = await failureOf(open().firebase.signIn());
  expect(failure.code).toBe('rate-limited');
  expect(failure.extras).toMatchObject({
    status: 429,
    retryAfter: 60,
    body: { requestId: 'r-1', detail: 'why' },
  });
});

it.each(Object.entries(PROBLEMS))(
  'reports the problem %s of the bridge, with one code for one tap',
  async (code, { status }) => {
    const { open, server, time, phone } = scene();
    const answer = { path: EXCHANGE, answer: problem(status, code) };
    server.answers.push(answer, answer, answer);
    const failure = failureOf(open().firebase.signIn());
    await time.advance(5_000);
    expect((await failure).code).toBe(code);
    // Only these say that the code was not used.
    const isRepeated = code === 'overloaded' || code === 'rate-limited';
    expect(codesSent(phone.requests)).toHaveLength(isRepeated ? 3 : 1);
    expect(phone.authCodes).toHaveLength(1);
  },
);

it.each([
  ['INVALID_CUSTOM_TOKEN : The custom token format is incorrect.', 'invalid-custom-token'],
  ['CREDENTIAL_MISMATCH', 'credential-mismatch'],
  ['USER_DISABLED', 'user-disabled'],
  ['PROJECT_NUMBER_MISMATCH', 'project-number-mismatch'],
  ['A_CODE_OF_TOMORROW', 'invalid-argument'],
])('turns %s of Identity Toolkit into %s', async (message, code) => {
  const { open, server } = scene();
  server.answers.push({ path: SIGN_IN, answer: googleError(400, message) });
  expect((await failureOf(open().firebase.signIn())).code).toBe(code);
});

it.each([
  [{ status: 200, headers: {}, body: '<!doctype html>' }, 'bad-response'],
  [{ status: 200, headers: {}, body: '{}' }, 'bad-response'],
  [{ status: 404, headers: {}, body: '<h1>Not found</h1>' }, 'not-found'],
  [{ status: 403, headers: {}, body: '' }, 'forbidden'],
  [{ status: 200, headers: {}, body: '' }, 'bad-response'],
  [{ status: 204, headers: {}, body: '' }, 'bad-response'],
  [{ status: 200, headers: {}, body: '"text"' }, 'bad-response'],
  [{ status: 302, headers: {}, body: '{}' }, 'bad-response'],
  [{ status: 304, headers: {}, body: '' }, 'bad-response'],
  [{ status: 500, headers: {}, body: '' }, 'internal'],
  [{ status: 502, headers: {}, body: '<h1>Bad Gateway</h1>' }, 'upstream-bad-response'],
  [{ status: 503, headers: {}, body: '' }, 'unavailable'],
  [{ status: 504, headers: {}, body: '' }, 'deadline-exceeded'],
  [{ status: 409, headers: { 'retry-after': '9' }, body: '' }, 'aborted'],
  [{ status: 413, headers: {}, body: '<h1>Too large</h1>' }, 'payload-too-large'],
  [{ status: 418, headers: {}, body: '{"code":"teapot"}' }, 'bad-response'],
])('has a code for answers that are none of the bridge: %j', async (answer, code) => {
  const { open, server } = scene();
  server.answers.push({ path: EXCHANGE, answer });
  expect((await failureOf(open().firebase.signIn())).code).toBe(code);
});

it('does not go to Google with the JSON of another server', async () => {
  const { open, phone, server } = scene();
  server.answers.push({ path: EXCHANGE, answer: json(200, { ok: true }) });
  expect((await failureOf(open().firebase.signIn())).code).toBe('bad-response');
  expect(phone.requests).toHaveLength(1);
});

it('stays signed out when the user signs out while logging in', async () => {
  const { open, phone } = scene();
  const { firebase } = open();
  const failure = failureOf(firebase.signIn());
  await firebase.signOut();
  expect((await failure).code).toBe('not-signed-in');
  expect(firebase.currentUser).toBeNull();
  expect(stored(phone)).toBe('-');
});

it("logs in the next user after a switch before Tiki's dialog", async () => {
  const { open, phone } = scene();
  const { firebase, show } = open();
  await firebase.signIn();
  phone.customer = { id: '1002', name: 'Bình' };
  const signedIn = firebase.signIn();
  // Tiki's dialog hides the app and shows it again.
  show();
  await signedIn;
  expect((await firebase.getIdToken()).length).toBeGreaterThan(0);
  expect(firebase.currentUser?.uid).toBe('tiki:1002');
});

it('stops calling an unsubscribed listener', async () => {
  const { open } = scene();
  const { firebase } = open();
  const calls: unknown[] = [];
  const stop = firebase.onAuthStateChanged((user) => calls.push(user));
  await failureOf(firebase.getIdToken());
  stop();
  await firebase.signIn();
  expect(calls).toEqual([null]);
});
