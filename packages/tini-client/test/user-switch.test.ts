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

/** An's login is under way: the bridge has her code and has not answered yet. */
async function whileAnLogsIn({ open, server, time, phone }: Scene) {
  const { firebase, show } = open();
  await failureOf(firebase.getIdToken());
  const told: unknown[] = [];
  firebase.onAuthStateChanged((user) => told.push(user && user.uid));
  const { open: release, opened } = gate();
  server.hold = opened;
  const signedIn = firebase.signIn();
  await time.settle();
  server.hold = undefined;
  const switchTo = (customer: typeof AN | undefined) => {
    phone.customer = customer;
    show();
  };
  return { firebase, signedIn, release, told, switchTo, show };
}

describe('a login that ends after the Tiki user has changed', () => {
  it('fails, and gives the session to nobody', async () => {
    const now = scene();
    const { firebase, signedIn, release, told, switchTo } = await whileAnLogsIn(now);
    switchTo(BINH);
    release();
    expect((await failureOf(signedIn)).code).toBe('user-changed');
    expect(firebase.currentUser).toBeNull();
    expect((await failureOf(firebase.getIdToken())).code).toBe('user-changed');
    expect(told).toEqual([null]);
    expect(String(stored(now.phone))).not.toContain('tiki:1001');
  });

  it('fails also where the app was not told that it is shown again', async () => {
    const now = scene();
    const { firebase, signedIn, release } = await whileAnLogsIn(now);
    now.phone.customer = BINH;
    release();
    expect((await failureOf(signedIn)).code).toBe('user-changed');
    expect(firebase.currentUser).toBeNull();
  });

  it('leaves the session of the one who is there alone', async () => {
    const now = scene();
    const { firebase, signedIn, release, told, switchTo } = await whileAnLogsIn(now);
    switchTo(BINH);
    expect((await firebase.signIn()).uid).toBe('tiki:1002');
    release();
    expect((await failureOf(signedIn)).code).toBe('user-changed');
    expect(firebase.currentUser?.uid).toBe('tiki:1002');
    expect(told).toEqual([null, 'tiki:1002']);
    expect(stored(now.phone)).toContain('tiki:1002');
  });

  it('fails where Tiki does not say who is there, and the app has been away', async () => {
    const now = scene();
    const { firebase, signedIn, release, switchTo } = await whileAnLogsIn(now);
    now.phone.userInfo = 'fails';
    switchTo(BINH);
    release();
    expect((await failureOf(signedIn)).code).toBe('user-unknown');
    expect(firebase.currentUser).toBeNull();
  });

  it('is withheld until Tiki says who is there, also after a restart', async () => {
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

  it('asks once more when the user changes while Tiki is asked', async () => {
    const now = scene();
    const { firebase, signedIn, release, switchTo } = await whileAnLogsIn(now);
    const { open, opened } = gate();
    now.phone.hold = (name) => name === 'getUserInfo' && opened;
    release();
    await now.time.settle();
    // Tiki has answered that An is there; the answer is on its way.
    switchTo(BINH);
    now.phone.hold = undefined;
    open();
    expect((await failureOf(signedIn)).code).toBe('user-changed');
    expect(firebase.currentUser).toBeNull();
  });
});

it.each(['fails', 'hangs'] as const)(
  'logs in where getUserInfo %s and the app has not been away: the code says who it is',
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

it('stays signed out when the user signs out while Tiki is asked who has logged in', async () => {
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

it('logs in once for two taps, whoever answers first', async () => {
  const now = scene();
  const { firebase, signedIn, release } = await whileAnLogsIn(now);
  const second = await firebase.signIn();
  release();
  expect((await signedIn).uid).toBe(second.uid);
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
});

describe('while Tiki is asked who came back', () => {
  async function asking(who = BINH) {
    const now = scene();
    const { firebase, show } = now.open();
    await firebase.signIn();
    await firebase.getIdToken();
    const told: unknown[] = [];
    firebase.onAuthStateChanged((user) => told.push(user && user.uid));
    await now.time.settle();
    const { open: answer, opened } = gate();
    now.phone.hold = (name) => name === 'getUserInfo' && opened;
    now.phone.customer = who;
    return { ...now, firebase, show, told, answer };
  }

  it('gives out nothing, neither at once nor by a refresh that ends meanwhile', async () => {
    const { firebase, show, server, time, answer, told } = await asking();
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
    expect(told).toEqual(['tiki:1001', null]);
  });

  it('tells a new listener nothing, and the others only what has changed', async () => {
    const { firebase, show, time, answer, told } = await asking(AN);
    show();
    const new_: unknown[] = [];
    firebase.onAuthStateChanged((user) => new_.push(user && user.uid));
    await time.settle();
    expect(new_).toEqual([]);
    answer();
    await time.settle();
    expect(new_).toEqual(['tiki:1001']);
    expect(told).toEqual(['tiki:1001']);
    expect(firebase.currentUser?.uid).toBe('tiki:1001');
  });

  it('listens to the answer to the newest question alone', async () => {
    const { firebase, phone, show, time, answer, told } = await asking(AN);
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
    expect(told).toEqual(['tiki:1001', null]);
  });
});

it('does not ask Tiki who is there while nobody is logged in', async () => {
  const { open, phone } = scene();
  const asked: string[] = [];
  phone.hold = (name) => asked.push(name);
  const { firebase } = open();
  await firebase.resume();
  expect(asked).toEqual(['getStorage']);
});

it('does not call a listener that was stopped at once', async () => {
  const { open, time } = scene();
  const { firebase } = open();
  await failureOf(firebase.getIdToken());
  const told: unknown[] = [];
  firebase.onAuthStateChanged((user) => told.push(user))();
  await time.settle();
  expect(told).toEqual([]);
});

it('listens to a my whose functions are methods', async () => {
  const { open, phone } = scene();
  const { client, my } = open();
  const listeners: (() => unknown)[] = [];
  const firebase = client.createTikiFirebase({
    ...phone.timers,
    baseUrl: DOMAIN,
    projectId: 'demo',
    my: {
      // The simulated my has what the client asks for.
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
