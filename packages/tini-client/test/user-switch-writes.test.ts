import { BINH, clientForTests, failureOf, gate } from '@tiki-bridge/testing/tini-runtime/setup';
import { googleError, json } from '@tiki-bridge/testing/tini-runtime/stand-in';

// What one customer's page started is never written as the next customer.

const { scene } = clientForTests();

const NAME = 'projects/demo-tiki-bridge/databases/(default)/documents/q/a';
const TIME = '2026-01-02T03:04:05.678901Z';
const FOUND = json(200, [
  { found: { name: NAME, fields: {}, createTime: TIME, updateTime: TIME }, readTime: TIME },
]);
const WRITTEN = json(200, { writeResults: [{}] });

async function an() {
  const now = scene();
  const app = now.open();
  await app.firebase.signIn();
  now.phone.requests.length = 0;
  now.server.answers.push({ path: ':batchGet', answer: FOUND });
  now.server.answers.push({ path: ':commit', answer: WRITTEN });
  const commits = () => now.phone.requests.filter(({ url }) => url.endsWith(':commit')).length;
  async function switchToBinh() {
    now.phone.customer = BINH;
    app.show();
    await failureOf(app.firebase.getIdToken());
    await app.firebase.signIn();
  }
  return { ...now, ...app, firestore: app.firebase.firestore(), commits, switchToBinh };
}

it.each([
  ['has read', true],
  ['has only to write', false],
])("fails another customer's transaction that %s", async (_, reads) => {
  const { firestore, transaction, switchToBinh, commits } = await an();
  const failure = await failureOf(
    transaction.runTransaction(firestore, async (writes) => {
      if (reads) await writes.get('q/a');
      await switchToBinh();
      writes.set('q/a', { n: 1 });
    }),
  );
  expect(failure.code).toBe('user-changed');
  expect(commits()).toBe(0);
});

it('does not read for the next customer in a transaction that is repeated', async () => {
  const { firestore, transaction, server, switchToBinh, phone, time } = await an();
  server.answers.splice(
    server.answers.findIndex(({ path }) => path === ':commit'),
    1,
    ...Array.from({ length: 3 }, () => ({
      path: ':commit',
      answer: googleError(409, 'Too much contention', 'ABORTED'),
    })),
  );
  let runs = 0;
  const failure = failureOf(
    transaction.runTransaction(firestore, async (writes) => {
      runs += 1;
      if (runs > 1) await switchToBinh();
      await writes.get('q/a');
      writes.set('q/a', { n: 1 });
    }),
  );
  await time.advance(5_000);
  expect((await failure).code).toBe('user-changed');
  expect(phone.requests.filter(({ url }) => url.endsWith(':batchGet'))).toHaveLength(1);
});

it("fails a transaction before it begins while nobody's session is known", async () => {
  const { firestore, transaction, firebase } = await an();
  await firebase.signOut();
  const run = jest.fn(() => Promise.resolve());
  const failure = await failureOf(transaction.runTransaction(firestore, run));
  expect(failure.code).toBe('not-signed-in');
  expect(run).not.toHaveBeenCalled();
});

it("does not commit another customer's batch", async () => {
  const { firestore, switchToBinh, commits } = await an();
  const batch = firestore.batch().set('q/a', { n: 1 });
  await switchToBinh();
  expect((await failureOf(batch.commit())).code).toBe('user-changed');
  expect(commits()).toBe(0);
  await firestore.batch().set('q/a', { n: 1 }).commit();
  expect(commits()).toBe(1);
});

it('commits a batch that was begun before the login', async () => {
  const { firestore, firebase, commits } = await an();
  await firebase.signOut();
  const batch = firestore.batch().set('q/a', { n: 1 });
  await firebase.signIn();
  await batch.commit();
  expect(commits()).toBe(1);
});

it('does not send what waited for the check of one customer as the next', async () => {
  const { firestore, firebase, phone, show, time, commits } = await an();
  const { open: answer, opened } = gate();
  phone.hold = (name) => name === 'getUserInfo' && opened;
  phone.customer = BINH;
  show();
  // An's page is still open: nobody knows yet that Bình is there.
  const failures = [
    failureOf(firestore.set('q/a', { n: 1 })),
    failureOf(firebase.request({ url: '/api/me' })),
  ];
  const signedIn = firebase.signIn();
  await time.settle();
  answer();
  expect((await signedIn).uid).toBe('tiki:1002');
  for (const failure of failures) expect((await failure).code).toBe('user-changed');
  expect(commits()).toBe(0);
  await firestore.set('q/a', { n: 1 });
  expect(commits()).toBe(1);
});

it('sends what waited for the check of the same customer', async () => {
  const { firestore, show, commits } = await an();
  show();
  await firestore.set('q/a', { n: 1 });
  expect(commits()).toBe(1);
});
