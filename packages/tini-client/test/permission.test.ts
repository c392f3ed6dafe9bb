import type { Phone } from '@tiki-bridge/testing/tini-runtime/phone';
import {
  BINH,
  clientForTests,
  failureOf,
  gate,
  MINUTE_MS,
} from '@tiki-bridge/testing/tini-runtime/setup';

const { scene } = clientForTests();

const SHOWN = ['never', 'before the callback', 'after the callback'] as const;

/** Counts the calls of each function of `my`. */
function countCalls(phone: Phone) {
  const calls: string[] = [];
  phone.hold = (name) => void calls.push(name);
  return (name: string) => calls.filter((called) => called === name).length;
}

/** A phone whose user has never been asked, and decides this after some time. */
function undecided(
  decision: 'granted' | 'refused',
  afterMs: number,
  dialogShows: (typeof SHOWN)[number] = 'never',
) {
  const now = scene();
  const { phone, time } = now;
  phone.permission = 'undecided';
  phone.dialogShows = dialogShows;
  phone.decide = () =>
    new Promise((resolve) => {
      time.setTimeout(() => {
        resolve(decision);
      }, afterMs);
    });
  return now;
}

describe.each(SHOWN)('where the closing dialog fires onAppShow: %s', (dialogShows) => {
  it.each(['granted', 'refused'] as const)(
    'lets a user in who thinks for 15 s, and then has %s the permission',
    async (decision) => {
      const { open, time, phone } = undecided(decision, 15_000, dialogShows);
      const { firebase } = open();
      const signedIn = firebase.signIn();
      await time.advance(16_000);
      expect((await signedIn).uid).toBe('tiki:1001');
      await time.advance(MINUTE_MS);
      expect(firebase.currentUser?.uid).toBe('tiki:1001');
      await expect(firebase.getIdToken()).resolves.toContain('.');
      expect(phone.dialogs).toBe(1);
    },
  );

  it.each([
    ['and tells the permission', []],
    ['and has no getSetting', ['getSetting']],
  ])('opens one dialog at most where the user refuses %s', async (_, missing) => {
    const { open, time, phone } = undecided('refused', 500, dialogShows);
    for (const name of missing) phone.missing.add(name);
    const { firebase, show } = open();
    for (let second = 0; second < 60; second += 1) {
      const signedIn = second % 10 === 0 ? firebase.signIn().catch(String) : undefined;
      await time.advance(1_000);
      await signedIn;
      show();
    }
    expect(phone.dialogs).toBe(1);
    expect((await firebase.signIn()).uid).toBe('tiki:1001');
  });
});

it('lets a user in who never answers the dialog', async () => {
  const { open, time, phone } = undecided('granted', 60 * MINUTE_MS);
  const { firebase } = open();
  const signedIn = firebase.signIn();
  await time.advance(MINUTE_MS);
  expect((await signedIn).uid).toBe('tiki:1001');
  expect(phone.dialogs).toBe(1);
});

it('opens one dialog for two taps', async () => {
  const { open, time, phone } = undecided('granted', 15_000);
  const { firebase } = open();
  const both = Promise.all([firebase.signIn(), firebase.signIn()]);
  await time.advance(15_000);
  expect(await both).toMatchObject([{ uid: 'tiki:1001' }, { uid: 'tiki:1001' }]);
  expect(phone.dialogs).toBe(1);
});

it('restores the session after a restart once the user has granted the permission', async () => {
  const { open, time, phone } = undecided('granted', 1_000);
  const signedIn = open().firebase.signIn();
  await time.advance(1_000);
  await signedIn;
  const { firebase } = open();
  await firebase.getIdToken();
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
  expect(phone.dialogs).toBe(1);
  expect(phone.authCodes).toHaveLength(1);
});

describe.each(['refused', 'undecided'] as const)(
  'a stored session, permission %s',
  (permission) => {
    async function restarted() {
      const now = scene();
      await now.open().firebase.signIn();
      now.phone.permission = permission;
      now.phone.decide = () => 'refused';
      const count = countCalls(now.phone);
      return { ...now, ...now.open(), count };
    }

    it('is withheld without a dialog, and kept', async () => {
      const { firebase, phone, show, count } = await restarted();
      expect((await failureOf(firebase.getIdToken())).code).toBe('user-unknown');
      show();
      expect((await failureOf(firebase.getIdToken({ forceRefresh: true }))).code).toBe(
        'user-unknown',
      );
      expect(count('getUserInfo')).toBe(0);
      expect(count('getAuthCode')).toBe(0);
      phone.permission = 'granted';
      await firebase.resume();
      expect(firebase.currentUser?.uid).toBe('tiki:1001');
    });

    it("is replaced by a tap's login, with a fresh code", async () => {
      const { firebase, phone } = await restarted();
      phone.customer = BINH;
      expect((await firebase.signIn()).uid).toBe('tiki:1002');
      expect(phone.authCodes).toHaveLength(2);
      expect(phone.dialogs).toBe(permission === 'undecided' ? 1 : 0);
    });
  },
);

it.each(['refused', 'undecided'] as const)(
  'withholds a login when the app was left and the permission is %s',
  async (permission) => {
    const { open, phone } = scene();
    phone.permission = permission;
    phone.decide = () => 'refused';
    const { firebase, show } = open();
    await firebase.signIn();
    expect(firebase.currentUser?.uid).toBe('tiki:1001');
    phone.customer = BINH;
    show();
    expect((await failureOf(firebase.getIdToken())).code).toBe('user-unknown');
    expect(firebase.currentUser).toBeNull();
    expect((await firebase.signIn()).uid).toBe('tiki:1002');
  },
);

it('asks once when my.onAppShow and App.onShow report the same return', async () => {
  const { open, phone } = scene();
  const { firebase, show } = open();
  await firebase.signIn();
  const count = countCalls(phone);
  show();
  await firebase.resume();
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
  expect([count('getSetting'), count('getUserInfo')]).toEqual([1, 1]);
});

it('asks again when the user returned while Tiki was answering, but not before', async () => {
  const { open, phone, time } = scene();
  const { firebase, show } = open();
  await firebase.signIn();
  const { open: answer, opened } = gate();
  let asked = 0;
  phone.hold = (name) => {
    if (name !== 'getUserInfo') return undefined;
    asked += 1;
    return opened;
  };
  show();
  await time.settle();
  show();
  show();
  await time.settle();
  expect(asked).toBe(1);
  answer();
  await firebase.getIdToken();
  expect(asked).toBe(2);
});

describe('where my has no getSetting', () => {
  it('uses an answer that comes after 15 s', async () => {
    const { open, phone, time } = scene();
    await open().firebase.signIn();
    phone.missing.add('getSetting');
    const { open: answer, opened } = gate();
    phone.hold = (name) => name === 'getUserInfo' && opened;
    const { firebase } = open();
    const users: unknown[] = [];
    firebase.onAuthStateChanged((user) => users.push(user && user.uid));
    await time.advance(15_000);
    expect(users).toEqual([null]);
    answer();
    await time.settle();
    expect(users).toEqual([null, 'tiki:1001']);
  });

  it("ends another customer's login when Tiki answers late", async () => {
    const { open, phone, time, server } = scene();
    phone.missing.add('getSetting');
    const { open: answer, opened } = gate();
    phone.hold = (name) => name === 'getUserInfo' && opened;
    const { firebase } = open();
    const { open: respond, opened: responded } = gate();
    server.hold = responded;
    const signedIn = firebase.signIn();
    await time.settle();
    // The code is An's, and Bình is there when Tiki is asked.
    phone.customer = BINH;
    respond();
    await time.advance(15_000);
    expect((await signedIn).uid).toBe('tiki:1001');
    answer();
    await time.settle();
    expect(firebase.currentUser).toBeNull();
    expect((await failureOf(firebase.getIdToken())).code).toBe('user-changed');
  });

  it('answers each return within 10 s, although a question is still open', async () => {
    const { open, phone, time } = scene();
    await open().firebase.signIn();
    phone.missing.add('getSetting');
    phone.userInfo = 'hangs';
    const { firebase } = open();
    await time.advance(20_000);
    const resumed = firebase.resume();
    await time.advance(10_000);
    await resumed;
    expect((await failureOf(firebase.getIdToken())).code).toBe('user-unknown');
  });
});
