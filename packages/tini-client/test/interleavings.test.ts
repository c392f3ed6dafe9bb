import { runs } from '@tiki-bridge/testing/deep';
import fc from 'fast-check';
import type { Customer, Phone } from '@tiki-bridge/testing/tini-runtime/phone';
import {
  clientForTests,
  MINUTE_MS,
  type Scene,
  START,
} from '@tiki-bridge/testing/tini-runtime/setup';
import { googleError, problem } from '@tiki-bridge/testing/tini-runtime/stand-in';

const { scene } = clientForTests();

const DAY_MS = 24 * 60 * MINUTE_MS;

/** Their ids are the same JavaScript number. */
const AN: Customer = { id: '9007199254740992', name: 'Nguyễn Văn An' };
const BINH: Customer = { id: '9007199254740993', name: 'Trần Thị Bình' };

/** An event caused by the user, the app or its surroundings. */
type Step =
  /** Another customer (or none) is logged in to Tiki, and the app returns to the foreground. */
  | { readonly is: 'switch'; readonly to: Customer | undefined }
  /** One pending call of `my` calls back. */
  | { readonly is: 'callback'; readonly at: number }
  /** All pending calls call back, including those that they trigger. */
  | { readonly is: 'callbacks' }
  | { readonly is: 'pass'; readonly ms: number }
  | { readonly is: 'getUserInfo'; readonly how: 'answers' | 'rounds' | 'fails' | 'hangs' }
  /** The user decides in Tiki's settings whether the app may know who they are. */
  | { readonly is: 'permission'; readonly to: 'granted' | 'refused' }
  | { readonly is: 'refusal'; readonly path: string }
  /** The app is in the background: time passes, but no timer runs. */
  | { readonly is: 'suspend'; readonly ms: number }
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
      how: fc.constantFrom('answers', 'rounds', 'fails', 'hangs'),
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
    arbitrary: fc.record({
      is: fc.constant('permission'),
      to: fc.constantFrom('granted', 'refused'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constant('pass'), ms: fc.constantFrom(400, 11_000, 3_400_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constant('suspend'), ms: fc.constant(3_700_000) }),
  },
);

/** What the phone is like. */
const phones = fc.record({
  permission: fc.constantFrom<Phone['permission']>('granted', 'granted', 'undecided', 'refused'),
  decision: fc.constantFrom<'granted' | 'refused'>('granted', 'refused'),
  dialogShows: fc.constantFrom<Phone['dialogShows']>(
    'never',
    'before the callback',
    'after the callback',
  ),
  isEncrypted: fc.boolean(),
  hasSetting: fc.constantFrom(true, true, false),
  clockIsOffBy: fc.constantFrom(0, 0, DAY_MS, -DAY_MS),
});
type PhoneKind = typeof phones extends fc.Arbitrary<infer T> ? T : never;

/** Most stories start signed in, since only then a session could leak. */
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

/** The uid in a token, bare or in a header. */
function uidOf(token: unknown): unknown {
  const payload = Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString();
  return (JSON.parse(payload) as { readonly sub: unknown }).sub;
}

/** Runs an app whose `my` calls back one call at a time, and records sessions that leak. */
function createObserver({ phone, server, time, open }: Scene, kind: PhoneKind) {
  phone.customer = AN;
  phone.permission = kind.permission;
  phone.dialogShows = kind.dialogShows;
  phone.encrypted = kind.isEncrypted ? new Map() : undefined;
  if (!kind.hasSetting) phone.missing.add('getSetting');
  time.setClock(START + kind.clockIsOffBy);
  /** The number of logins that have been started and not ended. */
  let logins = 0;
  phone.decide = () => {
    if (kind.hasSetting && !logins) violations.push('a dialog without a tap');
    return kind.decision;
  };
  server.claims = { premiumAccount: true, premiumUntil: START + 1e12 };
  const callbacks: (() => void)[] = [];
  phone.hold = () =>
    new Promise<void>((resolve) => {
      callbacks.push(resolve);
    });
  /** What was exposed or sent for a customer who is not logged in to Tiki. */
  const violations: string[] = [];
  const checkOwner = (where: string, uid: unknown) => {
    const owner = phone.customer && `tiki:${phone.customer.id}`;
    if (uid !== owner)
      violations.push(`${where}: ${String(uid)} while ${String(owner)} is logged in`);
  };
  let sent = 0;
  let unsettled = 0;
  let opened = 0;
  /** Signed out, and no login has started since. */
  let isSignedOut = false;

  /** Restarts the app. Pending callbacks and timers of the previous one are dropped. */
  function start() {
    const thisStart = (opened += 1);
    callbacks.length = 0;
    unsettled = 0;
    logins = 0;
    isSignedOut = false;
    return open({
      setTimeout: (callback, ms) =>
        time.setTimeout(() => {
          if (thisStart === opened) callback();
        }, ms),
    });
  }
  let app = start();

  /** Tracks a call until it settles. */
  function follow<T>(call: Promise<T>, uid: (value: T) => unknown, where: string): void {
    unsettled += 1;
    void call
      .then(
        (value) => {
          checkOwner(where, uid(value));
        },
        () => undefined,
      )
      .then(() => {
        unsettled -= 1;
      });
  }

  function inspect(): void {
    const { currentUser, claims } = app.firebase;
    if (currentUser) checkOwner('currentUser', currentUser.uid);
    if (currentUser && isSignedOut) violations.push('a user after the sign-out');
    if (claims) checkOwner('claims', claims.sub);
    if (app.firebase.isPremium() && !currentUser) violations.push('premium without a user');
    for (const { headers } of phone.requests.slice(sent)) {
      const { Authorization: authorization } = headers;
      if (authorization !== undefined) checkOwner('request', uidOf(authorization));
    }
    sent = phone.requests.length;
  }

  async function callBackAll(): Promise<void> {
    while (callbacks.length) {
      for (const callback of callbacks.splice(0)) callback();
      await time.settle();
    }
  }

  async function perform(next: Step): Promise<void> {
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
        phone.userInfo = next.how === 'rounds' ? 'answers' : next.how;
        phone.idForm = next.how === 'rounds' ? Number : String;
        break;
      case 'permission':
        phone.permission = next.to;
        break;
      case 'suspend':
        time.suspend(next.ms);
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
        logins += 1;
        follow(
          firebase.signIn().finally(() => {
            logins -= 1;
          }),
          ({ uid }) => uid,
          'signIn',
        );
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
          // The stand-in's format; a 401 reveals no user.
          ({ status, data }) =>
            status === 200
              ? uidOf((data as { readonly authorization: string }).authorization)
              : phone.customer && `tiki:${phone.customer.id}`,
          'answer',
        );
        break;
      case 'listen':
        firebase.onAuthStateChanged((user) => {
          if (user) checkOwner('listener', user.uid);
        });
        break;
      case 'restart':
        app = start();
        break;
    }
    await time.settle();
    inspect();
  }

  /** Makes the phone work normally and lets everything pending finish. */
  async function settleAll(): Promise<void> {
    phone.hold = undefined;
    phone.userInfo = 'answers';
    phone.idForm = String;
    phone.permission = 'granted';
    phone.customer ??= AN;
    server.answers.length = 0;
    app.show();
    await callBackAll();
    await time.advance(10 * MINUTE_MS);
    inspect();
  }

  return { perform, settleAll, violations, unsettled: () => unsettled, app: () => app };
}

it("never exposes one customer's session to another, in any order of events", async () => {
  await fc.assert(
    fc.asyncProperty(story, phones, async (steps, kind) => {
      const now = scene();
      const { perform, settleAll, violations, unsettled, app } = createObserver(now, kind);
      for (const next of steps) {
        await perform(next);
        expect(violations).toEqual([]);
      }
      await settleAll();
      expect(violations).toEqual([]);
      expect(unsettled()).toBe(0);
      // It must still work: the current customer can log in and stays logged in.
      const { uid } = await app().firebase.signIn();
      expect(uid).toBe(`tiki:${String(now.phone.customer?.id)}`);
      expect(uidOf(await app().firebase.getIdToken())).toBe(uid);
      const { firebase } = now.open();
      await firebase.getIdToken();
      expect(firebase.currentUser?.uid).toBe(uid);
    }),
    { numRuns: runs(200, 3_000) },
  );
});
