import type { Callbacks } from '@tiki-bridge/testing/tini-runtime/behaviour';
import {
  AN,
  BINH,
  clientForTests,
  failureOf,
  MINUTE_MS,
  stored,
} from '@tiki-bridge/testing/tini-runtime/setup';

const { scene } = clientForTests();

const FUNCTIONS = [
  'getAuthCode',
  'getSetting',
  'getUserInfo',
  'getStorage',
  'setStorage',
  'request',
] as const;

const MISCHIEF: readonly Callbacks[] = [
  'twice',
  'both',
  'synchronously',
  'never',
  'late',
  'complete only',
  'throws',
];

/** Without these nobody can log in: how a login fails then. */
const FATAL: Readonly<Record<string, Readonly<Partial<Record<Callbacks, string>>>>> = {
  getAuthCode: { never: 'timeout', 'complete only': 'timeout', throws: 'user-refused' },
  request: { never: 'timeout', late: 'timeout', 'complete only': 'timeout', throws: 'network' },
};

describe.each(FUNCTIONS)('where my.%s calls back', (name) => {
  it.each(MISCHIEF)('%s, a login succeeds, or fails with a code', async (callbacks) => {
    const { open, phone, time } = scene();
    phone.callbacks.set(name, callbacks);
    const { firebase } = open();
    const outcome = Promise.allSettled([firebase.signIn()]);
    await time.advance(6 * MINUTE_MS);
    const code = FATAL[name]?.[callbacks];
    expect(await outcome).toMatchObject([
      code === undefined ? { value: { uid: 'tiki:1001' } } : { reason: { code } },
    ]);
    expect(phone.authCodes.length).toBeLessThan(2);
    expect(time.pending()).toBe(0);

    phone.callbacks.clear();
    expect((await firebase.signIn()).uid).toBe('tiki:1001');
    await expect(firebase.getIdToken({ forceRefresh: true })).resolves.toContain('.');
  });

  it.each(MISCHIEF)('%s, a stored session reaches no other user', async (callbacks) => {
    const { open, phone, time } = scene();
    await open().firebase.signIn();
    phone.callbacks.set(name, callbacks);
    phone.customer = BINH;
    const { firebase } = open();
    const failure = failureOf(firebase.getIdToken());
    await time.advance(MINUTE_MS);
    expect(['user-changed', 'user-unknown', 'not-signed-in']).toContain((await failure).code);
    expect(firebase.currentUser).toBeNull();
  });
});

it('knows three users in turn, each from a tap of their own', async () => {
  const { open, phone } = scene();
  const { firebase, show } = open();
  const users: unknown[] = [];
  firebase.onAuthStateChanged((user) => users.push(user && user.uid));
  for (const customer of [AN, BINH, { id: '1003', name: 'Lê Cường' }, AN]) {
    phone.customer = customer;
    show();
    const failure = await failureOf(firebase.getIdToken());
    expect(failure.code).toBe(users.length < 2 ? 'not-signed-in' : 'user-changed');
    expect((await firebase.signIn()).uid).toBe(`tiki:${customer.id}`);
    await firebase.getIdToken();
  }
  expect(users).toEqual([
    null,
    ...['tiki:1001', null, 'tiki:1002', null, 'tiki:1003', null, 'tiki:1001'],
  ]);
  expect(stored(phone)).toContain('tiki:1001');
});

it.each([
  ['200', 200],
  ['302', 302],
  ['404', 404],
  ['503', 503],
])('takes HTML with %s from everywhere for no login and no document', async (_, status) => {
  const { open, phone, server, time } = scene();
  const { firebase } = open();
  await firebase.signIn();
  const html = { status, headers: { 'content-type': 'text/html' }, body: '<html>Wi-Fi</html>' };
  for (let index = 0; index < 20; index += 1) server.answers.push({ path: '/', answer: html });
  const code = { 200: 'bad-response', 302: 'bad-response', 404: 'not-found', 503: 'unavailable' }[
    status
  ];
  for (const call of [firebase.signIn(), firebase.getIdToken({ forceRefresh: true })]) {
    const failure = failureOf(call);
    await time.advance(MINUTE_MS);
    expect((await failure).code).toBe(code);
  }
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
  expect(stored(phone)).toContain('tiki:1001');
});
