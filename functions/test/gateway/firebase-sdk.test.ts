import { deleteApp, initializeApp, type FirebaseApp } from 'firebase/app';
import { getAuth, signInWithCustomToken, type Auth, type User } from 'firebase/auth';
import { doc, initializeFirestore, setDoc, setLogLevel } from 'firebase/firestore/lite';
import { ID_TOKEN, PROJECT, startTestGateway, tokenOf, type TestGateway } from './support/gateway';
import type { SeenRequest } from './support/upstream';

/** Claims to be of this project until the given second. */
const idTokenUntil = (seconds: number) =>
  tokenOf({
    iss: `https://securetoken.google.com/${PROJECT}`,
    sub: 'tiki:7',
    iat: seconds - 3_600,
    exp: seconds,
  });
const IN_AN_HOUR = Math.floor(Date.now() / 1_000) + 3_600;

/** What the Auth service answers, by the path's end. */
function authAnswer({ target }: SeenRequest, idToken: string): object {
  if (target.includes('accounts:lookup')) return { users: [{ localId: 'tiki:7' }] };
  return target.includes('/token')
    ? { access_token: idToken, refresh_token: 'refresh', expires_in: '3600' }
    : { idToken, refreshToken: 'first refresh+token&x=1', expiresIn: '3600' };
}

/** The fields of Auth's configuration that name Google's hosts. */
interface AuthHosts {
  apiHost: string;
  tokenApiHost: string;
  apiScheme: string;
}

describe("Firebase's own SDK, with only its hosts set to the gateway", () => {
  let gateway: TestGateway;
  let app: FirebaseApp;
  let auth: Auth;
  let note: ReturnType<typeof doc>;

  async function connect(options: Parameters<typeof startTestGateway>[0] = {}): Promise<void> {
    gateway = await startTestGateway(options);
    const host = gateway.origin.replace('http://', '');
    const json = { 'Content-Type': 'application/json' };
    gateway.auth.answer((response, request) =>
      response.writeHead(200, json).end(JSON.stringify(authAnswer(request, idToken))),
    );
    gateway.firestore.answer((response) =>
      response
        .writeHead(200, json)
        .end('{"writeResults":[{}],"commitTime":"2026-11-26T00:00:00Z"}'),
    );
    app = initializeApp({ apiKey: 'any', projectId: PROJECT, appId: '1:2:web:3' }, gateway.origin);
    auth = getAuth(app);
    // Not in the public types, but what the SDK builds its addresses from.
    Object.assign((auth as unknown as { config: AuthHosts }).config, {
      apiHost: `${host}/identitytoolkit`,
      tokenApiHost: `${host}/securetoken`,
      apiScheme: 'http',
    });
    const db = initializeFirestore(app, { host: `${host}/firestore`, ssl: false });
    note = doc(db, 'users/tiki:7/notes/1');
  }
  let idToken = idTokenUntil(IN_AN_HOUR);
  beforeAll(() => {
    setLogLevel('silent');
  });
  beforeEach(() => {
    idToken = idTokenUntil(IN_AN_HOUR);
  });
  afterEach(async () => {
    await deleteApp(app);
    await gateway.close();
  });

  const signIn = async (): Promise<User> => (await signInWithCustomToken(auth, 'a.b.c')).user;

  it('signs in, refreshes its token and writes', async () => {
    await connect();
    const user = await signIn();
    expect(user.uid).toBe('tiki:7');
    expect(await user.getIdToken(true)).toBe(idToken);
    await setDoc(note, { text: 'một' });

    const [, , refresh] = gateway.auth.seen;
    expect([refresh?.headers['content-type'], refresh?.body]).toEqual([
      'application/x-www-form-urlencoded',
      'grant_type=refresh_token&refresh_token=first%20refresh%2Btoken%26x%3D1',
    ]);
    const [commit] = gateway.firestore.seen;
    expect([commit?.headers['content-type'], commit?.headers.authorization]).toEqual([
      'application/json',
      `Bearer ${idToken}`,
    ]);
    expect(JSON.parse(commit?.body ?? '')).toMatchObject({
      writes: [{ update: { fields: { text: { stringValue: 'một' } } } }],
    });
  });

  describe('learns from Firestore that a write failed:', () => {
    it('too large', async () => {
      await connect();
      await expect(setDoc(note, { text: 'x'.repeat(256 * 1024) })).rejects.toMatchObject({
        code: 'failed-precondition',
        message: expect.stringContaining('256 KiB') as string,
      });
      expect(gateway.firestore.seen).toEqual([]);
    });

    it('another token', async () => {
      await connect();
      idToken = tokenOf({ iss: 'https://securetoken.google.com/other', exp: IN_AN_HOUR, iat: 0 });
      await signIn();
      await expect(setDoc(note, {})).rejects.toMatchObject({ code: 'unauthenticated' });
    });

    it('Google unreachable', async () => {
      await connect();
      await gateway.firestore.close();
      await expect(setDoc(note, {})).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('cannot be reached right now.') as string,
      });
    });

    it('overloaded', async () => {
      await connect({ env: { MAX_IN_FLIGHT: '1' } });
      let release: () => void = () => undefined;
      const arrived = new Promise<void>((resolve) => {
        gateway.firestore.answer((response) => {
          release = () => response.writeHead(200).end('{}');
          resolve();
        });
      });
      const busy = setDoc(note, {}).catch(() => undefined);
      await arrived;
      await expect(setDoc(note, {})).rejects.toMatchObject({ code: 'unavailable' });
      release();
      await busy;
    });

    it('busy, in the words of Google', async () => {
      await connect();
      gateway.firestore.answer((response) =>
        response
          .writeHead(429, { 'Content-Type': 'application/json' })
          .end('{"error":{"code":429,"message":"Quota exceeded.","status":"RESOURCE_EXHAUSTED"}}'),
      );
      await expect(setDoc(note, {})).rejects.toMatchObject({ code: 'resource-exhausted' });
    });
  });

  describe('learns why it cannot sign in:', () => {
    it('too large', async () => {
      await connect();
      await expect(signInWithCustomToken(auth, 'x'.repeat(256 * 1024))).rejects.toMatchObject({
        code: 'auth/payload-too-large',
        message: expect.stringContaining('256 KiB') as string,
      });
    });

    it('misconfigured', async () => {
      await connect({ env: { WEB_API_KEY: 'a key' } });
      await expect(signIn()).rejects.toMatchObject({
        code: 'auth/internal-error',
        message: expect.stringContaining('misconfigured') as string,
      });
    });

    it('Google unreachable, which keeps who is signed in signed in', async () => {
      await connect();
      const user = await signIn();
      await gateway.auth.close();
      await expect(user.reload()).rejects.toMatchObject({
        code: 'auth/network-request-failed',
        message: expect.stringContaining('cannot be reached right now.') as string,
      });
      expect(auth.currentUser?.uid).toBe('tiki:7');
    });
  });
});

/** Smaller clients leave the type to `fetch`, and look for Google's `error` and not at the status. */
describe('a client that looks for the error in the body', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close());
  const DOCUMENT = `/firestore/v1/projects/${PROJECT}/databases/(default)/documents/users/7`;
  const TOKEN = '/securetoken/v1/token';

  const errorOf = async (path: string, init: RequestInit): Promise<unknown> =>
    ((await (await gateway.fetch(path, init)).json()) as { readonly error?: unknown }).error;
  const put = (body: string, headers: Record<string, string> = {}) =>
    errorOf(DOCUMENT, { method: 'PATCH', body, headers });

  it('finds none after a write', async () => {
    expect(await put('{"fields":{}}', { Authorization: `bearer ${ID_TOKEN}` })).toBeUndefined();
    expect(gateway.firestore.seen[0]?.headers['content-type']).toBe('application/json');
  });

  it.each([
    [{ 'Content-Type': 'text/html' }, '{}', 415, 'INVALID_ARGUMENT'],
    [{}, 'x'.repeat(256 * 1024 + 1), 413, 'INVALID_ARGUMENT'],
    [{ Authorization: 'Bearer a' }, '{}', 401, 'UNAUTHENTICATED'],
  ])('finds it: %j', async (headers, body, code, status) => {
    const message = expect.any(String) as string;
    expect(await put(body, headers as Record<string, string>)).toEqual({ code, status, message });
  });

  it.each([
    ['/firestore/v1/projects/other/databases/(default)/documents/users/7', 404, 'NOT_FOUND'],
    ['/nowhere', 404, 'NOT_FOUND'],
    [DOCUMENT.replace('/users/7', ':commit'), 405, 'UNIMPLEMENTED'],
    [`${DOCUMENT}?alt=media`, 400, 'INVALID_ARGUMENT'],
  ])('finds it at %s', async (path, code, status) => {
    expect(await errorOf(path, {})).toMatchObject({ code, status });
  });

  it('finds a code of Firebase Auth before the colon', async () => {
    const refused = (body: string, type: string) =>
      errorOf(TOKEN, { method: 'POST', body, headers: { 'Content-Type': type } });
    expect(await refused('{}', 'text/plain')).toEqual({
      code: 415,
      status: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/^UNSUPPORTED_MEDIA_TYPE : Send JSON/) as string,
    });
    expect(await refused('grant_type=a&grant_type=b', 'application/x-www-form-urlencoded')).toEqual(
      {
        code: 400,
        status: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/^INVALID_REQUEST : The form /) as string,
      },
    );
  });
});
