import {
  AN,
  BINH,
  clientForTests,
  DOMAIN,
  failureOf,
  gate,
  type Scene,
  stored,
} from '@tiki-bridge/testing/tini-runtime/setup';

const { scene } = clientForTests();

/** An's login is pending: the bridge has her code and has not responded yet. */
async function whileAnLogsIn({ open, server, time, phone }: Scene) {
  const { firebase, show } = open();
  await failureOf(firebase.getIdToken());
  const calls: unknown[] = [];
  firebase.onAuthStateChanged((user) => calls.push(user && user.uid));
  const { open: release, opened } = gate();
  server.hold = opened;
  const signedIn = firebase.signIn();
  await time.settle();
  server.hold = undefined;
  const switchTo = (customer: typeof AN | undefined) => {
    phone.customer = customer;
    show();
  };
  return { firebase, signedIn, release, calls, switchTo, show };
}

describe('a login that ends after the Tiki user has changed', () => {
  it('fails, and exposes the session to no one', async () => {
    const now = scene();
    const { firebase, signedIn, release, calls, switchTo } = await whileAnLogsIn(now);
    switchTo(BINH);
    release();
    expect((await failureOf(signedIn)).code).toBe('user-changed');
    expect(firebase.currentUser).toBeNull();
    expect((await failureOf(firebase.getIdToken())).code).toBe('user-changed');
    expect(calls).toEqual([null]);
    expect(String(stored(now.phone))).not.toContain('tiki:1001');
  });

  it('also fails when the app got no onShow event', async () => {
    const now = scene();
    const { firebase, signedIn, release } = await whileAnLogsIn(now);
    now.phone.customer = BINH;
    release();
    expect((await failureOf(signedIn)).code).toBe('user-changed');
    expect(firebase.currentUser).toBeNull();
  });

  it("does not touch the current user's session", async () => {
    const now = scene();
    const { firebase, signedIn, release, calls, switchTo } = await whileAnLogsIn(now);
    switchTo(BINH);
    expect((await firebase.signIn()).uid).toBe('tiki:1002');
    release();
    expect((await failureOf(signedIn)).code).toBe('user-changed');
    expect(firebase.currentUser?.uid).toBe('tiki:1002');
    expect(calls).toEqual([null, 'tiki:1002']);
    expect(stored(now.phone)).toContain('tiki:1002');
  });

  it('fails if Tiki does not identify the customer and the app was resumed', async () => {
    const now = scene();
    const { firebase, signedIn, release, switchTo } = await whileAnLogsIn(now);
    now.phone.userInfo = 'fails';
    switchTo(BINH);
    release();
    expect((await failureOf(signedIn)).code).toBe('user-unknown');
    expect(firebase.currentUser).toBeNull();
  });

  it('is withheld until Tiki identifies the customer, also after a restart', async () => {
    const now = scene();
    const { firebase, signedIn, release, show } = await whileAnLogsIn(now);
    now.phone.userInfo = 'fails';
    show();
    release();
    expect((await failureOf(signedIn)).code).toBe('user-unknown');
    expect(firebase.currentUser).toBeNull();
    now.phone.userInfo = 'answers';
    await firebase.resume();
    expect(firebase.currentUser?.uid).toBe('tiki:1001');
    const restarted = now.open().firebase;
    await restarted.getIdToken();
    expect(restarted.currentUser?.uid).toBe('tiki:1001');
  });

  it('fails when the user has logged out of Tiki', async () => {
    const { firebase, signedIn, release, switchTo } = await whileAnLogsIn(scene());
    switchTo(undefined);
    release();
    expect((await failureOf(signedIn)).code).toBe('user-unknown');
    expect(firebase.currentUser).toBeNull();
  });

  it('checks again when the user changes during a check', async () => {
    const now = scene();
    const { firebase, signedIn, release, switchTo } = await whileAnLogsIn(now);
    const { open, opened } = gate();
    now.phone.hold = (name) => name === 'getUserInfo' && opened;
    release();
    await now.time.settle();
    // Tiki has named An, but the answer has not arrived yet.
    switchTo(BINH);
    now.phone.hold = undefined;
    open();
    expect((await failureOf(signedIn)).code).toBe('user-changed');
    expect(firebase.currentUser).toBeNull();
  });
});

it.each(['fails', 'hangs'] as const)(
  'logs in when getUserInfo %s and the app was not resumed: the code identifies the user',
  async (userInfo) => {
    const { open, phone, time } = scene();
    phone.userInfo = userInfo;
    const { firebase } = open();
    const signedIn = firebase.signIn();
    await time.advance(10_000);
    expect((await signedIn).uid).toBe('tiki:1001');
    expect(firebase.currentUser?.uid).toBe('tiki:1001');
  },
);

it('stays signed out when the user signs out during the check after a login', async () => {
  const { open, phone, time } = scene();
  const { firebase } = open();
  await failureOf(firebase.getIdToken());
  const { open: answer, opened } = gate();
  phone.hold = (name) => name === 'getUserInfo' && opened;
  const failure = failureOf(firebase.signIn());
  await time.settle();
  await firebase.signOut();
  answer();
  expect((await failure).code).toBe('not-signed-in');
  expect(firebase.currentUser).toBeNull();
  expect(stored(phone)).toBe('-');
});

it('logs in once for two taps, whichever response is first', async () => {
  const now = scene();
  const { firebase, signedIn, release } = await whileAnLogsIn(now);
  const second = await firebase.signIn();
  release();
  expect((await signedIn).uid).toBe(second.uid);
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
});

describe('during the check after a resume', () => {
  async function pendingCheck(customer = BINH) {
    const now = scene();
    const { firebase, show } = now.open();
    await firebase.signIn();
    await firebase.getIdToken();
    const calls: unknown[] = [];
    firebase.onAuthStateChanged((user) => calls.push(user && user.uid));
    await now.time.settle();
    const { open: answer, opened } = gate();
    now.phone.hold = (name) => name === 'getUserInfo' && opened;
    now.phone.customer = customer;
    return { ...now, firebase, show, calls, answer };
  }

  it('exposes nothing, neither directly nor through a refresh that finishes meanwhile', async () => {
    const { firebase, show, server, time, answer, calls } = await pendingCheck();
    server.claims = { premiumAccount: true, premiumUntil: Infinity };
    const { open: release, opened } = gate();
    server.hold = opened;
    const token = failureOf(firebase.getIdToken({ forceRefresh: true }));
    await time.settle();
    show();
    expect([firebase.currentUser, firebase.claims, firebase.isPremium()]).toEqual([
      null,
      null,
      false,
    ]);
    let isSettled = false;
    void token.then(() => {
      isSettled = true;
    });
    release();
    await time.settle();
    expect(isSettled).toBe(false);
    answer();
    expect((await token).code).toBe('user-changed');
    expect(calls).toEqual(['tiki:1001', null]);
  });

  it('does not fail a call that was started just before the return', async () => {
    const { firebase, show, time, answer } = await pendingCheck(AN);
    const token = firebase.getIdToken();
    show();
    await time.settle();
    answer();
    expect(await token).toBeTruthy();
  });

  it('does not call a new listener yet, and others only on changes', async () => {
    const { firebase, show, time, answer, calls } = await pendingCheck(AN);
    show();
    const new_: unknown[] = [];
    firebase.onAuthStateChanged((user) => new_.push(user && user.uid));
    await time.settle();
    expect(new_).toEqual([]);
    answer();
    await time.settle();
    expect(new_).toEqual(['tiki:1001']);
    expect(calls).toEqual(['tiki:1001']);
    expect(firebase.currentUser?.uid).toBe('tiki:1001');
  });

  it('uses only the answer to the latest check', async () => {
    const { firebase, phone, show, time, answer, calls } = await pendingCheck(AN);
    show();
    await time.settle();
    const { open: answerAgain, opened } = gate();
    phone.hold = (name) => name === 'getUserInfo' && opened;
    phone.customer = BINH;
    show();
    answer();
    await time.settle();
    expect(firebase.currentUser).toBeNull();
    answerAgain();
    expect((await failureOf(firebase.getIdToken())).code).toBe('user-changed');
    expect(calls).toEqual(['tiki:1001', null]);
  });
});

it('does not ask Tiki for the customer while signed out', async () => {
  const { open, phone } = scene();
  const asked: string[] = [];
  phone.hold = (name) => asked.push(name);
  const { firebase } = open();
  await firebase.resume();
  expect(asked).toEqual(['getStorage']);
});

it('does not call a listener that was unsubscribed at once', async () => {
  const { open, time } = scene();
  const { firebase } = open();
  await failureOf(firebase.getIdToken());
  const calls: unknown[] = [];
  firebase.onAuthStateChanged((user) => calls.push(user))();
  await time.settle();
  expect(calls).toEqual([]);
});

it('works with a my whose functions are methods', async () => {
  const { open, phone } = scene();
  const { client, my } = open();
  const listeners: (() => unknown)[] = [];
  const firebase = client.createTikiFirebase({
    ...phone.timers,
    baseUrl: DOMAIN,
    projectId: 'demo',
    my: {
      // The simulated my has all functions that the client uses.
      ...(my as unknown as Parameters<typeof client.createTikiFirebase>[0]['my']),
      listeners,
      onAppShow(this: { readonly listeners: (() => unknown)[] }, listener: () => unknown) {
        this.listeners.push(listener);
      },
    } as Parameters<typeof client.createTikiFirebase>[0]['my'],
  });
  await firebase.signIn();
  phone.customer = BINH;
  await listeners[0]?.();
  expect((await failureOf(firebase.getIdToken())).code).toBe('user-changed');
});
