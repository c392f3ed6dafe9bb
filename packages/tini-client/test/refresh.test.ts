import {
  BINH,
  clientForTests,
  failureOf,
  gate,
  MINUTE_MS,
  refreshes,
  stored,
  START,
} from '@tiki-bridge/testing/tini-runtime/setup';
import { googleError, json, problem } from '@tiki-bridge/testing/tini-runtime/stand-in';

const { scene, loggedIn } = clientForTests();

it('returns the same token until five minutes before its expiry', async () => {
  const { firebase, time, phone } = await loggedIn();
  const first = await firebase.getIdToken();
  await time.advance(55 * MINUTE_MS - 1);
  expect(await firebase.getIdToken()).toBe(first);
  expect(refreshes({ phone })).toBe(0);
});

it('uses a token in its last five minutes, and refreshes it beside', async () => {
  const { firebase, time, phone } = await loggedIn();
  const first = await firebase.getIdToken();
  await time.advance(55 * MINUTE_MS);
  expect(await firebase.getIdToken()).toBe(first);
  await time.settle();
  expect(await firebase.getIdToken()).not.toBe(first);
  expect(refreshes({ phone })).toBe(1);
});

it('does not wait for a refresh that hangs while the token is good', async () => {
  const { firebase, time, phone } = await loggedIn();
  await time.advance(56 * MINUTE_MS);
  phone.networkFaults.push({ path: '/securetoken', what: 'hang' });
  await firebase.getIdToken();
  expect((await firebase.request({ url: '/api/me' })).status).toBe(200);
  expect(refreshes({ phone })).toBe(1);
  await time.advance(20_000);
  await firebase.getIdToken();
  await time.settle();
  expect(refreshes({ phone })).toBe(2);
});

it('refreshes once for any number of callers', async () => {
  const { firebase, time, phone } = await loggedIn();
  await time.advance(61 * MINUTE_MS);
  const tokens = await Promise.all(Array.from({ length: 20 }, () => firebase.getIdToken()));
  expect(new Set(tokens).size).toBe(1);
  expect(refreshes({ phone })).toBe(1);
});

it('refreshes again when the answer to a refresh came after an hour in the background', async () => {
  const { firebase, time, phone } = await loggedIn();
  const { open: deliver, opened } = gate();
  phone.hold = (name) => name === 'request' && opened;
  const refreshed = firebase.getIdToken({ forceRefresh: true });
  await time.settle();
  phone.hold = undefined;
  time.suspend(61 * MINUTE_MS);
  deliver();
  await refreshed;
  const [, payload = ''] = (await firebase.getIdToken()).split('.');
  const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number };
  expect(exp * 1000).toBe(START + 121 * MINUTE_MS);
  expect(refreshes({ phone })).toBe(2);
});

it('sends the refresh as a JSON object', async () => {
  const { firebase, phone } = await loggedIn();
  await firebase.getIdToken({ forceRefresh: true });
  expect(phone.requests).toMatchObject([
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      data: { grant_type: 'refresh_token', refresh_token: 'refresh tiki:1001' },
    },
  ]);
});

it('sees new claims after a forced refresh', async () => {
  const { firebase, server } = await loggedIn();
  expect(firebase.isPremium()).toBe(false);
  server.claims = { premiumAccount: true, premiumUntil: START + 24 * 60 * MINUTE_MS };
  await firebase.getIdToken({ forceRefresh: true });
  expect(firebase.isPremium()).toBe(true);
  expect(firebase.claims?.premiumAccount).toBe(true);
});

it('ends premium by the server clock, without a refresh', async () => {
  const { firebase, server, time } = await loggedIn();
  server.claims = { premiumAccount: true, premiumUntil: START + 30 * MINUTE_MS };
  time.setClock(START - 24 * 60 * MINUTE_MS);
  await firebase.getIdToken({ forceRefresh: true });
  await time.advance(30 * MINUTE_MS - 1);
  expect(firebase.isPremium()).toBe(true);
  await time.advance(1);
  expect(firebase.isPremium()).toBe(false);
});

it.each([
  ['no premiumAccount', { premiumUntil: START * 2 }],
  ['a premiumAccount of text', { premiumAccount: 'true', premiumUntil: START * 2 }],
  ['no end', { premiumAccount: true }],
  ['an end of text', { premiumAccount: true, premiumUntil: String(START * 2) }],
  ['an end in the past', { premiumAccount: true, premiumUntil: START - 1 }],
])('is not premium with %s', async (_, claims) => {
  const { firebase, server } = await loggedIn();
  server.claims = claims;
  await firebase.getIdToken({ forceRefresh: true });
  expect(firebase.isPremium()).toBe(false);
});

it.each([
  ['a day slow', -24 * 60 * MINUTE_MS],
  ['a day fast', 24 * 60 * MINUTE_MS],
])('neither refreshes too early nor too late on a phone that is %s', async (_, skew) => {
  const { time, open, phone } = scene();
  time.setClock(START + skew);
  const { firebase } = open();
  await firebase.signIn();
  await time.advance(54 * MINUTE_MS);
  await firebase.getIdToken();
  expect(refreshes({ phone })).toBe(0);
  await time.advance(MINUTE_MS);
  await firebase.getIdToken();
  expect(refreshes({ phone })).toBe(1);
});

it.each(['running', 'restarted'])(
  'refreshes after a clock that was fast at login was corrected, in an app that was %s',
  async (how) => {
    const { time, open, phone, server } = scene();
    time.setClock(START + 3 * 60 * MINUTE_MS);
    let { firebase } = open();
    await firebase.signIn();
    time.setClock(START);
    await time.advance(2 * 60 * MINUTE_MS);
    if (how === 'restarted') ({ firebase } = open());
    const end = START + 2 * 60 * MINUTE_MS;
    server.claims = { premiumAccount: true, premiumUntil: end + MINUTE_MS };
    const [, payload = ''] = (await firebase.getIdToken()).split('.');
    const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number };
    expect(exp * 1000).toBe(end + 60 * MINUTE_MS);
    expect(refreshes({ phone })).toBe(1);
    expect(firebase.isPremium()).toBe(true);
    await time.advance(MINUTE_MS);
    expect(firebase.isPremium()).toBe(false);
    await firebase.getIdToken();
    expect(refreshes({ phone })).toBe(1);
  },
);

it('uses the old token while it is valid when the refresh fails offline', async () => {
  const { firebase, time, phone } = await loggedIn();
  const first = await firebase.getIdToken();
  await time.advance(57 * MINUTE_MS);
  phone.online = false;
  const token = firebase.getIdToken();
  await time.advance(5_000);
  expect(await token).toBe(first);
  await time.advance(3 * MINUTE_MS);
  const failure = failureOf(firebase.getIdToken());
  await time.advance(5_000);
  expect((await failure).code).toBe('network');
});

it('tries three times with growing pauses when offline', async () => {
  const { firebase, time, phone } = await loggedIn();
  phone.online = false;
  const failure = failureOf(firebase.getIdToken({ forceRefresh: true }));
  await time.advance(299);
  expect(refreshes({ phone })).toBe(1);
  await time.advance(1);
  expect(refreshes({ phone })).toBe(2);
  await time.advance(599);
  expect(refreshes({ phone })).toBe(2);
  await time.advance(1);
  expect((await failure).code).toBe('network');
  expect(refreshes({ phone })).toBe(3);
});

it.each(['honoured', 'ignored'])(
  'times out after its own 20 s when the timeout option is %s',
  async (how) => {
    const { firebase, time, phone } = await loggedIn();
    phone.behaviour = { ...phone.behaviour, ignoresTimeout: how === 'ignored' };
    phone.networkFaults.push({ path: '/securetoken', what: 'hang' });
    const failure = failureOf(firebase.getIdToken({ forceRefresh: true }));
    await time.advance(19_999);
    expect(refreshes({ phone })).toBe(1);
    await time.advance(1);
    expect((await failure).code).toBe('timeout');
    expect(time.pending()).toBe(0);
  },
);

it.each([
  ['TOKEN_EXPIRED', 'token-expired'],
  ['USER_DISABLED', 'user-disabled'],
  ['USER_NOT_FOUND', 'user-not-found'],
  ['INVALID_REFRESH_TOKEN', 'invalid-refresh-token'],
])('ends the session when Firebase answers %s', async (message, code) => {
  const { firebase, server, phone } = await loggedIn();
  server.answers.push({ path: '/securetoken', answer: googleError(400, message) });
  expect((await failureOf(firebase.getIdToken({ forceRefresh: true }))).code).toBe(code);
  expect(firebase.currentUser).toBeNull();
  expect((await failureOf(firebase.getIdToken())).code).toBe(code);
  expect(stored(phone)).toBe('-');
});

it.each(['status', 'empty-envelope'] as const)(
  'ends the session on a 400 whose body the runtime dropped: %s',
  async (shape) => {
    const { firebase, server, phone } = await loggedIn();
    phone.behaviour = { ...phone.behaviour, errors: 'fail', failure: shape };
    server.answers.push({ path: '/securetoken', answer: googleError(400, 'TOKEN_EXPIRED') });
    await failureOf(firebase.getIdToken({ forceRefresh: true }));
    expect((await failureOf(firebase.getIdToken())).code).toBe('token-expired');
  },
);

it('ends the session on a 400 delivered to fail as an envelope with an empty body', async () => {
  const { firebase, server, phone } = await loggedIn();
  phone.behaviour = { ...phone.behaviour, errors: 'fail' };
  server.answers.push({ path: '/securetoken', answer: { status: 400, headers: {}, body: '' } });
  await failureOf(firebase.getIdToken({ forceRefresh: true }));
  expect((await failureOf(firebase.getIdToken())).code).toBe('token-expired');
});

it.each([undefined, null, 'soon', {}])(
  'refreshes a stored session whose skew is %j, once it is due',
  async (skew) => {
    const { phone, open, time } = await loggedIn();
    const [key = ''] = phone.storage.keys();
    const session = JSON.parse(String(stored(phone))) as object;
    phone.storage.set(key, JSON.stringify(JSON.stringify({ ...session, skew })));
    await time.advance(2 * 60 * MINUTE_MS);
    const { firebase } = open();
    await firebase.getIdToken();
    expect(refreshes({ phone })).toBe(1);
    await firebase.getIdToken();
    expect(refreshes({ phone })).toBe(1);
  },
);

it.each([
  ['API key not valid. Please pass a valid API key.', googleError(400, 'API key not valid.')],
  ['a page that is not there', problem(404, 'not-found')],
  ['HTML', { status: 200, headers: {}, body: '<!doctype html>' }],
  [
    'a token of somebody else',
    json(200, { id_token: 'e30.eyJzdWIiOiJ0aWtpOjIifQ.', refresh_token: 'r' }),
  ],
])('keeps the session when the answer is %s', async (_, answer) => {
  const { firebase, server } = await loggedIn();
  server.answers.push({ path: '/securetoken', answer });
  await failureOf(firebase.getIdToken({ forceRefresh: true }));
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
  await expect(firebase.getIdToken()).resolves.toContain('.');
});

it.each([
  ['of HTML, from a proxy', { status: 400, headers: {}, body: '<html>Bad Request</html>' }],
  ["of the gateway's own", problem(400, 'invalid-request')],
])('keeps the session on a 400 %s', async (_, answer) => {
  const { firebase, server, phone } = await loggedIn();
  server.answers.push({ path: '/securetoken', answer }, { path: '/securetoken', answer });
  await failureOf(firebase.getIdToken({ forceRefresh: true }));
  phone.behaviour = { ...phone.behaviour, errors: 'fail' };
  await failureOf(firebase.getIdToken({ forceRefresh: true }));
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
  expect(stored(phone)).toContain('tiki:1001');
});

it.each([
  ['HTML', { status: 401, headers: {}, body: '<html>Unauthorized</html>' }],
  ['nothing', { status: 401, headers: {}, body: '' }],
  ["the bridge's own problem", problem(401, 'unauthenticated')],
])('keeps the session on a 401 that says %s', async (_, answer) => {
  const { firebase, server, phone } = await loggedIn();
  server.answers.push({ path: '/securetoken', answer });
  const failure = await failureOf(firebase.getIdToken({ forceRefresh: true }));
  expect(failure.code).toBe('unauthenticated');
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
  expect(stored(phone)).toContain('tiki:1001');
});

it('does not restore a user who signed out during a refresh', async () => {
  const { firebase, phone } = await loggedIn();
  const failure = failureOf(firebase.getIdToken({ forceRefresh: true }));
  await firebase.signOut();
  expect((await failure).code).toBe('not-signed-in');
  expect(firebase.currentUser).toBeNull();
  expect(stored(phone)).toBe('-');
});

it('withholds a token refreshed while the customer is unknown, and keeps the session', async () => {
  const { firebase, server, phone, time } = await loggedIn();
  const { open: release, opened } = gate();
  server.hold = opened;
  const failure = failureOf(firebase.getIdToken({ forceRefresh: true }));
  await time.settle();
  phone.userInfo = 'fails';
  await firebase.resume();
  release();
  expect((await failure).code).toBe('user-unknown');
  phone.userInfo = 'answers';
  await firebase.resume();
  await expect(firebase.getIdToken({ forceRefresh: true })).resolves.toContain('.');
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
});

it("does not end the next user's session when the previous one is rejected", async () => {
  const { firebase, server, phone, time } = await loggedIn();
  const { open: release, opened } = gate();
  server.hold = opened;
  server.answers.push({ path: '/securetoken', answer: googleError(400, 'USER_DISABLED') });
  const failure = failureOf(firebase.getIdToken({ forceRefresh: true }));
  await time.settle();
  server.hold = undefined;
  phone.customer = BINH;
  await firebase.signIn();
  release();
  expect((await failure).code).toBe('user-disabled');
  expect(firebase.currentUser?.uid).toBe('tiki:1002');
  expect(stored(phone)).toContain('tiki:1002');
});

it("does not return one user's token to a call that waited for another's", async () => {
  const { firebase, server, phone, time } = await loggedIn();
  const { open: release, opened } = gate();
  server.hold = opened;
  const failure = failureOf(firebase.getIdToken({ forceRefresh: true }));
  await time.settle();
  server.hold = undefined;
  phone.customer = BINH;
  await firebase.signIn();
  release();
  expect((await failure).code).toBe('user-changed');
  expect(firebase.currentUser?.uid).toBe('tiki:1002');
});
