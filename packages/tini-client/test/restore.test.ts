import {
  AN,
  BINH,
  clientForTests,
  DOMAIN,
  failureOf,
  gate,
  MINUTE_MS,
  paths,
  stored,
} from '@tiki-bridge/testing/tini-runtime/setup';

const { scene } = clientForTests();

/** A phone on which An has logged in and closed the app again. */
async function afterLogin() {
  const now = scene();
  await now.open().firebase.signIn();
  now.phone.requests.length = 0;
  return now;
}

it('restores the session after a restart, without a request', async () => {
  const { open, phone } = await afterLogin();
  phone.online = false;
  const { firebase } = open();
  await firebase.getIdToken();
  expect(firebase.currentUser).toEqual({ uid: 'tiki:1001', customer: AN, scopes: ['offline'] });
  expect(firebase.claims).toMatchObject({ sub: 'tiki:1001' });
  expect(phone.requests).toEqual([]);
});

it('is signed out when a missing key is a success without data', async () => {
  const { open } = scene();
  const calls: unknown[] = [];
  const { firebase } = open();
  firebase.onAuthStateChanged((user) => calls.push(user));
  expect((await failureOf(firebase.getIdToken())).code).toBe('not-signed-in');
  expect(calls).toEqual([null]);
});

it('is signed out when a missing key is a failure, or storage does not work', async () => {
  const { open, phone } = scene();
  phone.missingKey = 'fail';
  expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
  phone.storageFails = true;
  expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
});

it.each(['{"half":', '{}', '[]', 'null', '7', '{"user":{"uid":"tiki:9"},"idToken":"a.b.c"}'])(
  'tolerates %s in storage',
  async (text) => {
    const { open, phone } = scene();
    phone.storage.set('tiki-firebase-demo-tiki-bridge', JSON.stringify(text));
    expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
  },
);

it('rejects a stored token of another user', async () => {
  const { open, phone } = await afterLogin();
  const [key = ''] = phone.storage.keys();
  const stored = phone.storage.get(key) ?? '';
  phone.storage.set(key, stored.replace('tiki:1001', 'tiki:1002'));
  expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
});

it('reads a session that the runtime returns as an object', async () => {
  const { open, phone } = await afterLogin();
  const [key = ''] = phone.storage.keys();
  phone.storage.set(key, JSON.parse(phone.storage.get(key) ?? '') as string);
  const { firebase } = open();
  await firebase.getIdToken();
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
});

it('never exposes the session to another Tiki user, and erases it', async () => {
  const { open, phone } = await afterLogin();
  phone.customer = BINH;
  const calls: unknown[] = [];
  const { firebase } = open();
  firebase.onAuthStateChanged((user) => calls.push(user));
  const failure = await failureOf(firebase.getIdToken());
  expect(failure.code).toBe('user-changed');
  expect(failure.message).toBe('Hãy đăng nhập lại.');
  expect(calls).toEqual([null]);
  expect(stored(phone)).toBe('-');
  phone.customer = AN;
  expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
});

it.each(['fails', 'hangs'] as const)(
  'withholds the session while getUserInfo %s, and exposes it once Tiki has answered',
  async (userInfo) => {
    const { open, phone, time } = await afterLogin();
    phone.userInfo = userInfo;
    const { firebase } = open();
    const failure = failureOf(firebase.getIdToken());
    await time.advance(10_000);
    expect((await failure).code).toBe('user-unknown');
    expect(firebase.currentUser).toBeNull();
    phone.userInfo = 'answers';
    await firebase.resume();
    expect(firebase.currentUser?.uid).toBe('tiki:1001');
    await expect(firebase.getIdToken()).resolves.toContain('.');
  },
);

it("ends a withheld session when it turns out to be another customer's", async () => {
  const { open, phone } = await afterLogin();
  phone.userInfo = 'fails';
  phone.customer = BINH;
  const { firebase } = open();
  await failureOf(firebase.getIdToken());
  phone.userInfo = 'answers';
  await firebase.resume();
  expect((await failureOf(firebase.getIdToken())).code).toBe('user-changed');
  expect(stored(phone)).toBe('-');
});

it('checks the customer again when the app returns to the foreground', async () => {
  const { open, phone } = scene();
  const { firebase, show } = open();
  await firebase.signIn();
  const calls: unknown[] = [];
  firebase.onAuthStateChanged((user) => calls.push(user && user.uid));
  await firebase.getIdToken();
  phone.customer = BINH;
  show();
  expect((await failureOf(firebase.getIdToken())).code).toBe('user-changed');
  expect(firebase.currentUser).toBeNull();
  expect(calls).toEqual(['tiki:1001', null]);
});

it('keeps the session when the customer has not changed', async () => {
  const { open, phone } = scene();
  const { firebase } = open();
  const user = await firebase.signIn();
  phone.requests.length = 0;
  await firebase.resume();
  expect(firebase.currentUser).toBe(user);
  expect(phone.requests).toEqual([]);
});

it('does not return what was fetched for a previous user', async () => {
  const { open, phone, server, time } = scene();
  const { firebase } = open();
  await firebase.signIn();
  const { open: release, opened } = gate();
  server.hold = opened;
  const answer = failureOf(firebase.request({ url: '/api/me' }));
  await time.settle();
  phone.customer = BINH;
  const resumed = firebase.resume();
  release();
  await resumed;
  expect((await answer).code).toBe('user-changed');
});

it('refreshes an expired session when the network returns', async () => {
  const { open, phone, time } = await afterLogin();
  phone.online = false;
  time.setClock(time.now() + 2 * 60 * MINUTE_MS);
  const { firebase } = open();
  const failure = failureOf(firebase.getIdToken());
  await time.advance(10_000);
  expect((await failure).code).toBe('network');
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
  phone.online = true;
  phone.requests.length = 0;
  await firebase.getIdToken();
  expect(paths(phone.requests)).toEqual(['/securetoken/v1/token']);
});

it('erases the session at sign-out, in memory and in storage', async () => {
  const { open, phone } = scene();
  const { firebase } = open();
  await firebase.signIn();
  await firebase.signOut();
  expect(firebase.currentUser).toBeNull();
  expect(stored(phone)).toBe('-');
  expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
});

it('stays signed out after a sign-out that finished before the restore', async () => {
  const { open, phone } = await afterLogin();
  const { firebase } = open();
  await firebase.signOut();
  expect((await failureOf(firebase.getIdToken())).code).toBe('not-signed-in');
  expect(stored(phone)).toBe('-');
});

it('erases again what a slow save wrote after the sign-out', async () => {
  const { open, phone, time } = scene();
  const { firebase } = open();
  await failureOf(firebase.getIdToken());
  const { open: release, opened } = gate();
  phone.slowWrites.push(opened);
  const signedIn = firebase.signIn();
  await time.advance(5_000);
  await signedIn;
  await firebase.signOut();
  expect(stored(phone)).toBe('-');
  release();
  await time.settle();
  expect(stored(phone)).toBe('-');
  expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
});

it('fails when the session cannot be erased, but still signs out', async () => {
  const { open, phone } = scene();
  const { firebase } = open();
  await firebase.signIn();
  phone.storageFails = true;
  expect((await failureOf(firebase.signOut())).code).toBe('storage-failed');
  expect(firebase.currentUser).toBeNull();
});

it('logs in when storage does not work', async () => {
  const { open, phone } = scene();
  phone.storageFails = true;
  const { firebase } = open();
  await firebase.signIn();
  await expect(firebase.getIdToken()).resolves.toContain('.');
  expect(phone.requests.every(({ url }) => url.startsWith(`${DOMAIN}/`))).toBe(true);
});
