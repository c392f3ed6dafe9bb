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

/** Valid for two hours. */
const TOKEN = `${base64url({ alg: 'none' })}.${base64url({ exp: START / 1000 + 7200 })}.signature`;

/** The bridge returns this with the next login. */
function give({ server }: Scene, appCheckToken: unknown): void {
  const uid = `tiki:${AN.id}`;
  const body = { customToken: uid, uid, customer: AN, scopes: [], appCheckToken };
  server.answers.push({ path: '/auth_exchange', answer: json(200, body) });
}

const DOCUMENT = 'projects/demo-tiki-bridge/databases/(default)/documents/q/a';

/** The App Check header of a Firestore call. */
async function headerOf(
  { server, phone }: Scene,
  { firebase }: ReturnType<Scene['open']>,
): Promise<string | undefined> {
  server.answers.push({ path: ':batchGet', answer: json(200, [{ missing: DOCUMENT }]) });
  await firebase.firestore().get('q/a');
  return phone.requests.at(-1)?.headers['X-Firebase-AppCheck'];
}

it('sends the App Check token of the login to Firestore only', async () => {
  const now = scene();
  give(now, TOKEN);
  const app = now.open();
  await app.firebase.signIn();
  expect(await headerOf(now, app)).toBe(TOKEN);
  await app.firebase.request({ url: '/api/me' });
  expect(now.phone.requests.at(-1)?.headers).not.toHaveProperty('X-Firebase-AppCheck');
});

it('still sends it after a refresh and a restart, as long as it is valid', async () => {
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

it('judges the expiry by the server clock', async () => {
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
