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

it('gives the session back after a restart, without a request', async () => {
  const { open, phone } = await afterLogin();
  phone.online = false;
  const { firebase } = open();
  await firebase.getIdToken();
  expect(firebase.currentUser).toEqual({ uid: 'tiki:1001', customer: AN, scopes: ['offline'] });
  expect(firebase.claims).toMatchObject({ sub: 'tiki:1001' });
  expect(phone.requests).toEqual([]);
});

it('says that nobody is there when a missing key is a success without data', async () => {
  const { open } = scene();
  const told: unknown[] = [];
  const { firebase } = open();
  firebase.onAuthStateChanged((user) => told.push(user));
  expect((await failureOf(firebase.getIdToken())).code).toBe('not-signed-in');
  expect(told).toEqual([null]);
});

it('says that nobody is there when a missing key is a failure, or storage does not work', async () => {
  const { open, phone } = scene();
  phone.missingKey = 'fail';
  expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
  phone.storageFails = true;
  expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
});

it.each(['{"half":', '{}', '[]', 'null', '7', '{"user":{"uid":"tiki:9"},"idToken":"a.b.c"}'])(
  'does not trip over %s in storage',
  async (text) => {
    const { open, phone } = scene();
    phone.storage.set('tiki-firebase-demo-tiki-bridge', JSON.stringify(text));
    expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
  },
);

it('does not take a stored token for another user than it is about', async () => {
  const { open, phone } = await afterLogin();
  const [key = ''] = phone.storage.keys();
  const stored = phone.storage.get(key) ?? '';
  phone.storage.set(key, stored.replace('tiki:1001', 'tiki:1002'));
  expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
});

it('reads a session that the runtime gives back as an object', async () => {
  const { open, phone } = await afterLogin();
  const [key = ''] = phone.storage.keys();
  phone.storage.set(key, JSON.parse(phone.storage.get(key) ?? '') as string);
  const { firebase } = open();
  await firebase.getIdToken();
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
});

it('never hands the session to another Tiki user, and erases it', async () => {
  const { open, phone } = await afterLogin();
  phone.customer = BINH;
  const told: unknown[] = [];
  const { firebase } = open();
  firebase.onAuthStateChanged((user) => told.push(user));
  const failure = await failureOf(firebase.getIdToken());
  expect(failure.code).toBe('user-changed');
  expect(failure.message).toBe('Hãy đăng nhập lại.');
  expect(told).toEqual([null]);
  expect(stored(phone)).toBe('-');
  phone.customer = AN;
  expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
});

it.each(['fails', 'hangs'] as const)(
  'withholds the session while getUserInfo %s, and gives it out once Tiki has answered',
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

it('ends a withheld session when it turns out to be somebody else', async () => {
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

it('compares the customer again when the app comes back to the foreground', async () => {
  const { open, phone } = scene();
  const { firebase, show } = open();
  await firebase.signIn();
  const told: unknown[] = [];
  firebase.onAuthStateChanged((user) => told.push(user && user.uid));
  await firebase.getIdToken();
  phone.customer = BINH;
  show();
  expect((await failureOf(firebase.getIdToken())).code).toBe('user-changed');
  expect(firebase.currentUser).toBeNull();
  expect(told).toEqual(['tiki:1001', null]);
});

it('keeps who is logged in when nobody changed', async () => {
  const { open, phone } = scene();
  const { firebase } = open();
  const user = await firebase.signIn();
  phone.requests.length = 0;
  await firebase.resume();
  expect(firebase.currentUser).toBe(user);
  expect(phone.requests).toEqual([]);
});

it('does not hand over what was fetched for the user who is gone', async () => {
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

it('brings back an expired session when the network returns', async () => {
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

it('forgets the session at sign-out, in memory and in storage', async () => {
  const { open, phone } = scene();
  const { firebase } = open();
  await firebase.signIn();
  await firebase.signOut();
  expect(firebase.currentUser).toBeNull();
  expect(stored(phone)).toBe('-');
  expect((await failureOf(open().firebase.getIdToken())).code).toBe('not-signed-in');
});

it('is signed out after a sign-out that was faster than the restoring', async () => {
  const { open, phone } = await afterLogin();
  const { firebase } = open();
  await firebase.signOut();
  expect((await failureOf(firebase.getIdToken())).code).toBe('not-signed-in');
  expect(stored(phone)).toBe('-');
});

it('erases again what a slow save has put there after the sign-out', async () => {
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

it('says so when the session cannot be erased, and still forgets it', async () => {
  const { open, phone } = scene();
  const { firebase } = open();
  await firebase.signIn();
  phone.storageFails = true;
  expect((await failureOf(firebase.signOut())).code).toBe('storage-failed');
  expect(firebase.currentUser).toBeNull();
});

it('logs in where nothing can be stored', async () => {
  const { open, phone } = scene();
  phone.storageFails = true;
  const { firebase } = open();
  await firebase.signIn();
  await expect(firebase.getIdToken()).resolves.toContain('.');
  expect(phone.requests.every(({ url }) => url.startsWith(`${DOMAIN}/`))).toBe(true);
});
