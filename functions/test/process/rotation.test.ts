import { resolve } from 'node:path';
import { startFunction, type RunningFunction } from '@tiki-bridge/testing/google/framework';
import { startGoogleFakes, type GoogleFakes } from '@tiki-bridge/testing/google/google-fakes';
import { jsonAnswer, startLoopbackFake } from '@tiki-bridge/testing/google/loopback-fake';
import { tikiSignature } from '../../src/providers/tiki/signature';
import { cookieOf, newKey, ORIGIN } from '../sessions/support/site';
import { verifyRs256 } from '../support/jwt';
import { startFirebaseAuth, type FirebaseAuth } from './support/firebase-auth';
import { type Load, startLoad } from './support/load';

/*
 * Every secret is replaced while customers come and go: old and new instances of the built functions
 * run side by side, as in a deployment on Cloud Run.
 */

const CLIENT_KEY = 'test-client-key';
const CALLERS = 6;
/** Answers of each instance in each phase. */
const PHASE = 15;

/** Tiki, as far as a login asks it: takes any of the secrets that are valid now. */
async function startTiki() {
  const state = { secrets: new Set<string>() };
  let customers = 0;
  const fake = await startLoopbackFake<never>({
    answer: ({ headers, body }) => {
      const sentAt = Number(headers['x-tiniapp-timestamp']);
      const isSigned = [...state.secrets].some(
        (clientSecret) =>
          tikiSignature({ clientKey: CLIENT_KEY, clientSecret }, sentAt, body) ===
          headers['x-tiniapp-signature'],
      );
      if (!isSigned) return jsonAnswer(400, { error: { reason: 'invalid_signature' } });
      customers += 1;
      const data = {
        ...{ access_token: 'at', expires_in: 3_600, refresh_token: 'rt', token_type: 'bearer' },
        ...{ scopes: [], customer: { id: customers, name: '' } },
      };
      return jsonAnswer(200, { data, error: null });
    },
  });
  return Object.assign(state, fake);
}

type Environment = Readonly<Record<string, string>>;

/** What a test began, the last first: it must not go on after a failure. */
const begun: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of begun.splice(0)) await end();
});

async function run(options: Parameters<typeof startFunction>[0]): Promise<RunningFunction> {
  const running = await startFunction(options);
  begun.unshift(running.stop);
  return running;
}

function begin(ask: (origin: string) => Promise<string>): Load {
  const load = startLoad(CALLERS, ask);
  begun.unshift(load.end);
  return load;
}

describe('while customers log in,', () => {
  let google: GoogleFakes;
  let tiki: Awaited<ReturnType<typeof startTiki>>;
  let codes = 0;
  beforeAll(async () => {
    [google, tiki] = await Promise.all([startGoogleFakes(), startTiki()]);
  });
  afterAll(() => Promise.all([google.close(), tiki.close()]));

  const start = (env: Environment): Promise<RunningFunction> =>
    run({
      source: resolve(__dirname, '../..'),
      mapHosts: google.mapHosts,
      env: {
        ...google.env,
        TIKI_CLIENT_KEY: CLIENT_KEY,
        TIKI_API_BASE_URL: `http://${tiki.address}`,
        RATE_LIMIT_PER_MINUTE: '0',
        ...env,
      },
    });

  /** A login with a code of its own; resolves with the problem, or who signed the custom token. */
  async function logIn(origin: string): Promise<string> {
    const answer = await fetch(`${origin}/auth_exchange`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code: `a-code-of-its-own-${(codes += 1)}` }),
    });
    const { code, customToken = '' } = (await answer.json()) as Record<string, string>;
    if (!answer.ok) return `${answer.status} ${String(code)}`;
    const [, payload = ''] = customToken.split('.');
    const { iss } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iss: string };
    const signer = [...accounts.values()].find(({ email }) => email === iss);
    // Throws unless this account has signed it.
    if (signer) verifyRs256(customToken, signer.publicKeyPem);
    return signer ? iss : `signed by ${iss}`;
  }
  let accounts: GoogleFakes['account'][];
  beforeEach(() => {
    accounts = [google.account];
  });

  it("Tiki's secret is replaced, and no login fails while Tiki takes both", async () => {
    tiki.secrets.add('old-secret');
    const old = await start({ TIKI_CLIENT_SECRET: 'old-secret' });
    const load = begin(logIn);
    load.add(old.origin);
    await load.more(PHASE);

    // Renewed in Tini Console: for a time Tiki takes both.
    tiki.secrets.add('new-secret');
    const fresh = await start({ TIKI_CLIENT_SECRET: 'new-secret\nold-secret' });
    load.add(fresh.origin);
    await load.more(PHASE);
    await load.retire(old.origin);
    await old.stop();

    tiki.secrets.delete('old-secret');
    await load.more(PHASE);
    const outcomes = await load.end();
    expect(Object.keys(outcomes)).toEqual([google.account.email]);
    expect(outcomes[google.account.email]).toBeGreaterThanOrEqual(4 * PHASE);
  });

  it('the signing account is replaced, and each token is signed by one of both', async () => {
    tiki.secrets.add('a-secret');
    const [before, after] = [google.addAccount('signer-1'), google.addAccount('signer-2')];
    accounts = [before, after];
    const env = { TIKI_CLIENT_SECRET: 'a-secret' };
    const old = await start({ ...env, SIGNING_SERVICE_ACCOUNT: before.email });
    const load = begin(logIn);
    load.add(old.origin);
    await load.more(PHASE);
    const fresh = await start({ ...env, SIGNING_SERVICE_ACCOUNT: after.email });
    load.add(fresh.origin);
    await load.more(PHASE);
    await load.retire(old.origin);
    await old.stop();
    await load.more(PHASE);
    const outcomes = await load.end();
    expect(Object.keys(outcomes).sort()).toEqual([before.email, after.email]);
  });
});

describe('while customers use web sessions,', () => {
  let google: GoogleFakes;
  let firebase: FirebaseAuth;
  beforeAll(async () => {
    [google, firebase] = await Promise.all([startGoogleFakes(), startFirebaseAuth()]);
  });
  afterAll(() => Promise.all([google.close(), firebase.close()]));

  const start = (env: Environment, target = 'sessions'): Promise<RunningFunction> =>
    run({
      source: resolve(__dirname, '../..'),
      target,
      mapHosts: { ...google.mapHosts, ...firebase.mapHosts },
      env: {
        ...{ ...google.env, ...firebase.env, WEB_ORIGINS: ORIGIN },
        ...{ WEB_API_KEY: 'the-web-api-key', RATE_LIMIT_PER_MINUTE: '0', ...env },
      },
    });

  async function signIn(origin: string): Promise<{ status: string; cookie: string }> {
    const answer = await fetch(`${origin}/session/sign_in`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: ORIGIN },
      body: JSON.stringify({ customToken: 'a.b.c' }),
    });
    const { code = 'ok' } = (await answer.json()) as { readonly code?: string };
    return { status: code, cookie: cookieOf(answer) };
  }

  /** Of that many browsers, all of which come by in twice as many turns. */
  const BROWSERS = 9;

  /** Each request may be answered by another instance than that browser's last one. */
  function browsers(cookies: string[]) {
    let turn = 0;
    return async (origin: string): Promise<string> => {
      turn += 1;
      const index = turn % BROWSERS;
      const Cookie = cookies[index];
      // Some come new.
      if (Cookie === undefined || turn % 4 === 0) {
        const { status, cookie } = await signIn(origin);
        cookies[index] = cookie;
        return `signed in: ${status}`;
      }
      const answer = await fetch(`${origin}/session/user`, { headers: { Cookie } });
      const { user, code } = (await answer.json()) as { user?: object | null; code?: string };
      // As a browser does: sealed with the new key.
      const renewed = cookieOf(answer);
      if (renewed) cookies[index] = renewed;
      return user ? 'is known' : (code ?? 'signed out');
    };
  }
  const NOBODY_LOST = ['is known', 'signed in: ok'];

  it('the session keys are replaced, and no session is lost', async () => {
    const [first, second] = [newKey(), newKey()];
    // docs/web.md: all know the new key; they use it; the old one is gone.
    const rings = [first, `${first}\n${second}`, `${second}\n${first}`, second];
    let current = await start({ SESSION_KEYS: first });
    const load = begin(browsers([]));
    load.add(current.origin);
    for (const ring of rings.slice(1)) {
      const next = await start({ SESSION_KEYS: ring });
      load.add(next.origin);
      await load.more(PHASE);
      await load.retire(current.origin);
      await current.stop();
      current = next;
      // Everybody comes by, as all do within SESSION_DAYS, and gets a cookie with the first key.
      await load.more(3 * BROWSERS);
    }
    expect(Object.keys(await load.end()).sort()).toEqual(NOBODY_LOST);
  });

  /** Customers of the gateway: some sign in, some renew their tokens, as Firebase's SDK does. */
  async function throughGateway(origin: string): Promise<string> {
    const isNew = (turns += 1) % 4 === 0;
    const answer = await fetch(
      `${origin}${isNew ? '/identitytoolkit/v1/accounts:signInWithCustomToken' : '/securetoken/v1/token'}`,
      {
        method: 'POST',
        body: isNew
          ? JSON.stringify({ token: 'a.b.c', returnSecureToken: true })
          : new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'a-refresh-token' }),
        ...(isNew && { headers: { 'Content-Type': 'application/json' } }),
      },
    );
    const text = await answer.text();
    if (!answer.ok) return `${answer.status} ${text}`;
    return isNew ? 'signed in: ok' : 'is known';
  }
  let turns = 0;

  it.each([
    ['sessions', browsers([])],
    ['gateway', throughGateway],
  ])('the Web API key is replaced, and %s signs nobody out', async (target, ask) => {
    const env = { SESSION_KEYS: newKey() };
    firebase.keys = new Set(['old-key']);
    const old = await start({ ...env, WEB_API_KEY: 'old-key' }, target);
    const load = begin(ask);
    load.add(old.origin);
    await load.more(PHASE);
    // Made in the Google Cloud console; the old one still exists.
    firebase.keys = new Set(['old-key', 'new-key']);
    const fresh = await start({ ...env, WEB_API_KEY: 'new-key' }, target);
    load.add(fresh.origin);
    await load.more(PHASE);
    await load.retire(old.origin);
    await old.stop();
    firebase.keys = new Set(['new-key']);
    await load.more(PHASE);
    expect(Object.keys(await load.end()).sort()).toEqual(NOBODY_LOST);
  });
});
