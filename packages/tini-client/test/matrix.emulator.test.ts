import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { BEHAVIOURS } from '@tiki-bridge/testing/tini-runtime/behaviour';
import { liveForTests } from '@tiki-bridge/testing/tini-runtime/live';
import type { Phone } from '@tiki-bridge/testing/tini-runtime/phone';
import { AN, BINH, DOMAIN, failureOf } from '@tiki-bridge/testing/tini-runtime/setup';
import { googleError } from '@tiki-bridge/testing/tini-runtime/stand-in';

const DAY_MS = 24 * 3_600_000;
const NOTE = 'users/tiki:1001/notes/first';
const FOREIGN_NOTE = 'users/tiki:1002/notes/first';

describeWithFirestore('the client against the emulators', () => {
  const live = liveForTests();

  describe.each(Object.entries(BEHAVIOURS))('where my.request delivers %s', (_, behaviour) => {
    /** The error code that remains visible without a body, or without anything. */
    const known = <T>(code: T, byStatus: T): T | 'network' => {
      const { errors, failure } = behaviour;
      if (errors !== 'fail' || ['envelope', 'body', 'body-as-text'].includes(failure)) return code;
      return failure === 'nothing' ? 'network' : byStatus;
    };
    const loggedIn = async () => {
      const phone = live.phone(behaviour);
      const { firebase } = live.open(phone);
      await firebase.signIn({ scopes: ['offline'] });
      return { phone, firebase };
    };

    it('logs in', async () => {
      const { firebase, phone } = await loggedIn();
      expect(firebase.currentUser).toEqual({ uid: 'tiki:1001', customer: AN, scopes: ['offline'] });
      expect(firebase.claims).toMatchObject({ provider: 'tiki', tikiCustomerId: '1001' });
      expect(phone.requests.every(({ url }) => url.startsWith(`${DOMAIN}/`))).toBe(true);
    });

    it('refreshes on demand and sees the current claims', async () => {
      const { firebase } = await loggedIn();
      const level = String(Math.random());
      await live.setClaims(AN, { level });
      await firebase.getIdToken({ forceRefresh: true });
      expect(firebase.claims?.['level']).toBe(level);
    });

    it('restores the session offline after a restart, and continues', async () => {
      const { phone } = await loggedIn();
      phone.online = false;
      phone.requests.length = 0;
      const { firebase } = live.open(phone);
      await firebase.getIdToken();
      expect(firebase.currentUser?.customer).toEqual(AN);
      expect(phone.requests).toEqual([]);
      phone.online = true;
      await expect(firebase.getIdToken({ forceRefresh: true })).resolves.toContain('.');
    });

    it('writes, reads, lists and deletes in Firestore', async () => {
      const { firebase } = await loggedIn();
      const firestore = firebase.firestore();
      await firestore.set(NOTE, { text: 'Chào buổi sáng' });
      expect((await firestore.get(NOTE))?.data).toEqual({ text: 'Chào buổi sáng' });
      const { documents } = await firestore.list('users/tiki:1001/notes');
      expect(documents.map(({ path }) => path)).toEqual([NOTE]);
      await firestore.delete(NOTE);
      expect(await firestore.get(NOTE)).toBeNull();
    });

    it('refreshes the token after a 401, and repeats the call', async () => {
      const { firebase, phone } = await loggedIn();
      await firebase.firestore().set(NOTE, { text: 'a' });
      const { transport } = phone;
      // Google's response; the emulator accepts expired tokens.
      const unauthenticated = googleError(
        401,
        'Request had invalid credentials.',
        'UNAUTHENTICATED',
      );
      let calls = 0;
      const strict: Phone = {
        ...phone,
        transport: (request) => {
          const refuses = request.url.includes(':batchGet') && (calls += 1) === 1;
          return refuses ? Promise.resolve(unauthenticated) : transport(request);
        },
      };
      const firestore = live.open(strict).firebase.firestore();
      const before = phone.requests.length;
      expect((await firestore.get(NOTE))?.data).toEqual({ text: 'a' });
      const urls = phone.requests.slice(before).map(({ url }) => url.replace(/.*[/:]/, ''));
      // Without any details it looks like a network failure and is only retried.
      const isMute = known('known', 'known') === 'network';
      expect(urls).toEqual(isMute ? ['batchGet', 'batchGet'] : ['batchGet', 'token', 'batchGet']);
    });

    it('reports why the server refused', async () => {
      const { firebase, phone } = await loggedIn();
      const firestore = firebase.firestore();
      const denied = await failureOf(firestore.get(FOREIGN_NOTE));
      expect(denied.code).toBe(known('permission-denied', 'forbidden'));
      const missing = await failureOf(firestore.update('users/tiki:1001/notes/none', { a: 1 }));
      expect(missing.code).toBe(known('not-found', 'not-found'));
      phone.authCodeAnswers.push(
        { success: { authCode: 'bm90.a25vd24' } },
        { success: { authCode: 'bm90.a25vd25' } },
        { success: { authCode: 'bm90.a25vd26' } },
      );
      const refused = await failureOf(firebase.signIn());
      expect(refused.code).toBe(known('invalid-code', 'unauthenticated'));
    });

    it.each([-DAY_MS, DAY_MS])('works with a clock that is off by %d ms', async (offMs) => {
      const timers = {
        now: () => Date.now() + offMs,
        setTimeout: (callback: () => void, ms: number) => setTimeout(callback, ms),
        clearTimeout: (timer: never) => {
          clearTimeout(timer);
        },
      };
      const phone = live.phone(behaviour, timers);
      const { firebase } = live.open(phone);
      await firebase.signIn();
      const token = await firebase.getIdToken();
      expect(await firebase.getIdToken()).toBe(token);
      expect(phone.requests).toHaveLength(2);
    });

    it('lets a user in who refuses the permission, until the app is left', async () => {
      const phone = live.phone(behaviour);
      phone.permission = 'undecided';
      phone.decide = () => 'refused';
      phone.dialogShows = 'after the callback';
      const { firebase, show } = live.open(phone);
      expect((await firebase.signIn()).uid).toBe('tiki:1001');
      expect(firebase.currentUser?.customer).toEqual(AN);
      show();
      expect((await failureOf(firebase.getIdToken())).code).toBe('user-unknown');
      expect((await firebase.signIn()).uid).toBe('tiki:1001');
      expect(phone.dialogs).toBe(1);
    });

    it('does not expose the session to the next Tiki user, who can log in', async () => {
      const { phone } = await loggedIn();
      phone.customer = BINH;
      const { firebase } = live.open(phone);
      expect((await failureOf(firebase.getIdToken())).code).toBe('user-changed');
      expect((await firebase.signIn()).uid).toBe('tiki:1002');
      expect((await failureOf(firebase.firestore().get(NOTE))).code).toBe(
        known('permission-denied', 'forbidden'),
      );
    });
  });
});
