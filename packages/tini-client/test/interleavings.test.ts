import { runs } from '@tiki-bridge/testing/deep';
import fc from 'fast-check';
import {
  AN,
  BINH,
  clientForTests,
  MINUTE_MS,
  type Scene,
  START,
} from '@tiki-bridge/testing/tini-runtime/setup';
import { googleError, problem } from '@tiki-bridge/testing/tini-runtime/stand-in';

const { scene } = clientForTests();

/** What a user, the app or the world does next. */
type Step =
  /** Somebody else is logged in to Tiki (or nobody), and the app comes back to the foreground. */
  | { readonly is: 'switch'; readonly to: typeof AN | undefined }
  /** One of the calls of `my` that are under way is called back. */
  | { readonly is: 'callback'; readonly at: number }
  /** All are, and those that follow from them. */
  | { readonly is: 'callbacks' }
  | { readonly is: 'pass'; readonly ms: number }
  | { readonly is: 'getUserInfo'; readonly how: 'answers' | 'fails' | 'hangs' }
  | { readonly is: 'refusal'; readonly path: string }
  | { readonly is: 'show' | 'signIn' | 'signOut' | 'getIdToken' | 'refresh' }
  | { readonly is: 'request' | 'listen' | 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ is: fc.constant('callback'), at: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.constant({ is: 'callbacks' as const }) },
  {
    weight: 8,
    arbitrary: fc.record({
      is: fc.constantFrom(
        ...(['show', 'signIn', 'signIn', 'signIn', 'signOut', 'getIdToken', 'refresh'] as const),
        ...(['request', 'listen', 'restart'] as const),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant('switch'),
      to: fc.constantFrom(AN, BINH, AN, BINH, undefined),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constant('getUserInfo'),
      how: fc.constantFrom('answers', 'fails', 'hangs'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constant('refusal'),
      path: fc.constantFrom('/api/me', '/securetoken'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constant('pass'), ms: fc.constantFrom(400, 11_000, 3_400_000) }),
  },
);

/** Most stories begin with somebody logged in: that is when there is something to give out. */
const story = fc
  .tuple(
    fc.constantFrom<readonly Step[]>(
      [],
      [{ is: 'signIn' }, { is: 'callbacks' }],
      [{ is: 'signIn' }, { is: 'callbacks' }, { is: 'listen' }, { is: 'request' }],
    ),
    fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
  )
  .map(([beginning, steps]) => [...beginning, ...steps]);

/** The uid that a token is about, as a header or bare. */
function uidOf(token: unknown): unknown {
  const payload = Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString();
  return (JSON.parse(payload) as { readonly sub: unknown }).sub;
}

/** A phone whose calls are called back one by one, and an app that gives a session to nobody else. */
function createWitness({ phone, server, time, open }: Scene) {
  server.claims = { premiumAccount: true, premiumUntil: START + 1e12 };
  const callbacks: (() => void)[] = [];
  phone.hold = () =>
    new Promise<void>((resolve) => {
      callbacks.push(resolve);
    });
  /** What was given out, or went to the server, for somebody who is not logged in to Tiki. */
  const wrong: string[] = [];
  const given = (where: string, uid: unknown) => {
    const owner = phone.customer && `tiki:${phone.customer.id}`;
    if (uid !== owner) wrong.push(`${where}: ${String(uid)} while ${String(owner)} is there`);
  };
  let sent = 0;
  let unsettled = 0;
  let opened = 0;
  /** And no login has begun since. */
  let isSignedOut = false;

  /** A fresh start. What was there before is gone: it is called back no more, by nothing. */
  function start() {
    const mine = (opened += 1);
    callbacks.length = 0;
    unsettled = 0;
    isSignedOut = false;
    return open({
      setTimeout: (callback, ms) =>
        time.setTimeout(() => {
          if (mine === opened) callback();
        }, ms),
    });
  }
  let app = start();

  /** Follows a call to its end, whatever that is. */
  function follow<T>(call: Promise<T>, uid: (value: T) => unknown, where: string): void {
    unsettled += 1;
    void call
      .then(
        (value) => {
          given(where, uid(value));
        },
        () => undefined,
      )
      .then(() => {
        unsettled -= 1;
      });
  }

  function look(): void {
    const { currentUser, claims } = app.firebase;
    if (currentUser) given('currentUser', currentUser.uid);
    if (currentUser && isSignedOut) wrong.push('a user after the sign-out');
    if (claims) given('claims', claims.sub);
    if (app.firebase.isPremium() && !currentUser) wrong.push('premium without a user');
    for (const { headers } of phone.requests.slice(sent)) {
      const { Authorization: authorization } = headers;
      if (authorization !== undefined) given('request', uidOf(authorization));
    }
    sent = phone.requests.length;
  }

  async function callBackAll(): Promise<void> {
    while (callbacks.length) {
      for (const callback of callbacks.splice(0)) callback();
      await time.settle();
    }
  }

  async function take(next: Step): Promise<void> {
    const { firebase } = app;
    switch (next.is) {
      case 'switch':
        phone.customer = next.to;
        app.show();
        break;
      case 'callback':
        callbacks.splice(next.at % (callbacks.length || 1), 1)[0]?.();
        break;
      case 'callbacks':
        await callBackAll();
        break;
      case 'pass':
        await time.advance(next.ms);
        break;
      case 'getUserInfo':
        phone.userInfo = next.how;
        break;
      case 'refusal':
        server.answers.push({
          path: next.path,
          answer:
            next.path === '/api/me'
              ? problem(401, 'unauthenticated')
              : googleError(400, 'TOKEN_EXPIRED'),
        });
        break;
      case 'show':
        app.show();
        break;
      case 'signIn':
        isSignedOut = false;
        follow(firebase.signIn(), ({ uid }) => uid, 'signIn');
        break;
      case 'signOut':
        isSignedOut = true;
        follow(firebase.signOut(), () => phone.customer && `tiki:${phone.customer.id}`, 'signOut');
        break;
      case 'getIdToken':
      case 'refresh':
        follow(firebase.getIdToken({ forceRefresh: next.is === 'refresh' }), uidOf, 'getIdToken');
        break;
      case 'request':
        follow(
          firebase.request({ url: '/api/me' }),
          // As the stand-in answers; a 401 says nothing about anybody.
          ({ status, data }) =>
            status === 200
              ? uidOf((data as { readonly authorization: string }).authorization)
              : phone.customer && `tiki:${phone.customer.id}`,
          'answer',
        );
        break;
      case 'listen':
        firebase.onAuthStateChanged((user) => {
          if (user) given('listener', user.uid);
        });
        break;
      case 'restart':
        app = start();
        break;
    }
    await time.settle();
    look();
  }

  /** Everything that is under way comes to its end, and the phone does what it should. */
  async function calmDown(): Promise<void> {
    phone.hold = undefined;
    phone.userInfo = 'answers';
    phone.customer ??= AN;
    server.answers.length = 0;
    app.show();
    await callBackAll();
    await time.advance(10 * MINUTE_MS);
    look();
  }

  return { take, calmDown, wrong, unsettled: () => unsettled, app: () => app };
}

it('gives the session of one customer to nobody else, whatever happens in which order', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (steps) => {
      const now = scene();
      const { take, calmDown, wrong, unsettled, app } = createWitness(now);
      for (const next of steps) {
        await take(next);
        expect(wrong).toEqual([]);
      }
      await calmDown();
      expect(wrong).toEqual([]);
      expect(unsettled()).toBe(0);
      // And withholding is no end in itself: the one who is there can log in, and stays so.
      const { uid } = await app().firebase.signIn();
      expect(uid).toBe(`tiki:${String(now.phone.customer?.id)}`);
      expect(uidOf(await app().firebase.getIdToken())).toBe(uid);
      const { firebase } = now.open();
      await firebase.getIdToken();
      expect(firebase.currentUser?.uid).toBe(uid);
    }),
    { numRuns: runs(200, 10_000) },
  );
});
