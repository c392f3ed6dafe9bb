import {
  AN,
  clientForTests,
  MINUTE_MS,
  type Scene,
  START,
} from '@tiki-bridge/testing/tini-runtime/setup';
import { json } from '@tiki-bridge/testing/tini-runtime/stand-in';

const { scene } = clientForTests();

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** As long as the bridge chose: here two hours. */
const TOKEN = `${base64url({ alg: 'none' })}.${base64url({ exp: START / 1000 + 7200 })}.signature`;

/** The bridge gives this with the next login. */
function give({ server }: Scene, appCheckToken: unknown): void {
  const uid = `tiki:${AN.id}`;
  const body = { customToken: uid, uid, customer: AN, scopes: [], appCheckToken };
  server.answers.push({ path: '/auth_exchange', answer: json(200, body) });
}

/** What goes out with a call to Firestore. */
async function headerOf(
  { server, phone }: Scene,
  { firebase }: ReturnType<Scene['open']>,
): Promise<string | undefined> {
  server.answers.push({ path: ':batchGet', answer: json(200, [{ missing: 'q/a' }]) });
  await firebase.firestore().get('q/a');
  return phone.requests.at(-1)?.headers['X-Firebase-AppCheck'];
}

it('proves the app to Firestore with the token of the login, and to nobody else', async () => {
  const now = scene();
  give(now, TOKEN);
  const app = now.open();
  await app.firebase.signIn();
  expect(await headerOf(now, app)).toBe(TOKEN);
  await app.firebase.request({ url: '/api/me' });
  expect(now.phone.requests.at(-1)?.headers).not.toHaveProperty('X-Firebase-AppCheck');
});

it('does so after a refresh and after a restart, as long as the token is valid', async () => {
  const now = scene();
  give(now, TOKEN);
  await now.open().firebase.signIn();
  const app = now.open();
  await app.firebase.getIdToken({ forceRefresh: true });
  await now.time.advance(119 * MINUTE_MS);
  expect(await headerOf(now, app)).toBe(TOKEN);
  await now.time.advance(2 * MINUTE_MS);
  expect(await headerOf(now, app)).toBeUndefined();
});

it('goes by the clock of the server', async () => {
  const now = scene();
  now.time.setClock(START + 24 * 60 * MINUTE_MS);
  give(now, TOKEN);
  const app = now.open();
  await app.firebase.signIn();
  expect(await headerOf(now, app)).toBe(TOKEN);
});

it.each([undefined, 'no token', 7, { a: 1 }])('sends nothing for %j', async (given) => {
  const now = scene();
  give(now, given);
  const app = now.open();
  await app.firebase.signIn();
  expect(await headerOf(now, app)).toBeUndefined();
});
