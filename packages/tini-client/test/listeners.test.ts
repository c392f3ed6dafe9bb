import { BINH, clientForTests, MINUTE_MS, START } from '@tiki-bridge/testing/tini-runtime/setup';

const { scene } = clientForTests();

/** An's app, logged in, and what its listeners got. */
async function listening() {
  const now = scene();
  const { firebase, show } = now.open();
  await firebase.signIn();
  const users: unknown[] = [];
  const tokens: unknown[] = [];
  firebase.onAuthStateChanged((user) => users.push(user && user.uid));
  const stop = firebase.onIdTokenChanged((user) => {
    tokens.push(user && [user.uid, firebase.isPremium()]);
  });
  await now.time.settle();
  return { ...now, firebase, show, users, tokens, stop };
}

it('tells of new claims, so that a premium page opens without a restart', async () => {
  const { firebase, server, time, users, tokens } = await listening();
  server.claims = { premiumAccount: true, premiumUntil: START + 24 * 60 * MINUTE_MS };
  await firebase.getIdToken({ forceRefresh: true });
  await time.settle();
  expect(tokens).toEqual([
    ['tiki:1001', false],
    ['tiki:1001', true],
  ]);
  expect(users).toEqual(['tiki:1001']);
});

it('tells of new claims after the refresh beside a call', async () => {
  const { firebase, server, time, tokens } = await listening();
  await time.advance(56 * MINUTE_MS);
  server.claims = { premiumAccount: true, premiumUntil: START + 24 * 60 * MINUTE_MS };
  await firebase.getIdToken();
  await time.settle();
  expect(tokens).toEqual([
    ['tiki:1001', false],
    ['tiki:1001', true],
  ]);
});

it('tells of a sign-out, of the next user, and nothing of a return of the same', async () => {
  const { firebase, phone, show, time, tokens } = await listening();
  show();
  await time.settle();
  phone.customer = BINH;
  await firebase.signOut();
  await firebase.signIn();
  await time.settle();
  expect(tokens).toEqual([['tiki:1001', false], null, ['tiki:1002', false]]);
});

it('tells of a withheld session, and nothing while Tiki is asked', async () => {
  const { firebase, phone, show, time, tokens, stop } = await listening();
  phone.permission = 'refused';
  show();
  await time.settle();
  phone.permission = 'granted';
  await firebase.resume();
  await time.settle();
  expect(tokens).toEqual([['tiki:1001', false], null, ['tiki:1001', false]]);
  stop();
  await firebase.signOut();
  await time.settle();
  expect(tokens).toHaveLength(3);
});
