import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export const PROJECT = 'demo-tiki-bridge';

/** An account of Firebase Authentication. */
export interface Account {
  disabled?: boolean;
  /** Epoch seconds: tokens of an earlier sign-in are revoked. */
  validSince?: number;
  displayName?: string;
  /** Claims of the account, such as premium. */
  claims?: Readonly<Record<string, unknown>>;
}

/** How calls to Secure Token end. */
export type Refreshing = 'works' | 'rotates' | 'unavailable' | 'key-refused';

/**
 * The calls of Firebase Authentication that sessions make, in the form of its emulator. For what the
 * emulator cannot do: rotate refresh tokens, fail, and move its clock.
 */
export interface AuthServer {
  /** `host:port`, as in FIREBASE_AUTH_EMULATOR_HOST. */
  readonly host: string;
  /** By uid. Deleting one deletes the user. */
  readonly accounts: Map<string, Account>;
  /** Each call, by its last path segment. */
  readonly calls: readonly string[];
  /** Later calls to Secure Token are answered once this resolves. */
  hold: Promise<void>;
  refreshing: Refreshing;
  /** Whether the caller's account may not look users up. */
  denied: boolean;
  /** Called with each call to Secure Token, before it is answered. */
  onCall: () => void;
  /** A custom token of a login through the bridge. */
  customToken(customerId: string): string;
  /** An ID token; `claims` replace some of its own. */
  idToken(uid: string, claims?: Readonly<Record<string, unknown>>): string;
  close(): Promise<void>;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = (payload: object): string =>
  `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(payload)}.`;

interface Refused {
  readonly status: number;
  readonly message: string;
}

export async function startAuthServer(): Promise<AuthServer> {
  const accounts = new Map<string, Account>();
  const calls: string[] = [];
  /** Refresh tokens that are good, with the session's claims. */
  const sessions = new Map<string, Readonly<Record<string, unknown>> & { uid: string }>();
  let made = 0;

  function idToken(uid: string, claims: Readonly<Record<string, unknown>> = {}): string {
    const iat = Math.floor(Date.now() / 1_000);
    const account = accounts.get(uid);
    return unsigned({
      provider: 'tiki',
      tikiCustomerId: uid.slice('tiki:'.length),
      ...account?.claims,
      ...(account?.displayName !== undefined && { name: account.displayName }),
      iss: `https://securetoken.google.com/${PROJECT}`,
      aud: PROJECT,
      auth_time: iat,
      user_id: uid,
      sub: uid,
      iat,
      exp: iat + 3_600,
      firebase: { sign_in_provider: 'custom', identities: {} },
      ...claims,
    });
  }

  function newSession(uid: string, authTime: number): string {
    const refreshToken = `refresh-token-of-${uid}-${(made += 1)}`;
    sessions.set(refreshToken, { uid, auth_time: authTime });
    return refreshToken;
  }

  function signIn(body: string): object | Refused {
    const { token } = JSON.parse(body) as { readonly token: string };
    const [, payload = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
      readonly uid?: string;
      readonly aud?: string;
    };
    if (claims.uid === undefined) return { status: 400, message: 'INVALID_CUSTOM_TOKEN : bad' };
    if (claims.aud === 'another-project') return { status: 400, message: 'CREDENTIAL_MISMATCH' };
    const account = accounts.get(claims.uid) ?? {};
    accounts.set(claims.uid, account);
    if (account.disabled) return { status: 400, message: 'USER_DISABLED' };
    const authTime = Math.floor(Date.now() / 1_000);
    return { idToken: idToken(claims.uid), refreshToken: newSession(claims.uid, authTime) };
  }

  function refresh(body: string, how: Refreshing): object | Refused {
    if (how === 'unavailable') return { status: 503, message: 'UNAVAILABLE' };
    if (how === 'key-refused') return { status: 400, message: 'API key not valid.' };
    const given = new URLSearchParams(body).get('refresh_token') ?? '';
    const session = sessions.get(given);
    const account = session && accounts.get(session.uid);
    if (!session) return { status: 400, message: 'INVALID_REFRESH_TOKEN' };
    if (!account) return { status: 400, message: 'USER_NOT_FOUND' };
    if (account.disabled) return { status: 400, message: 'USER_DISABLED' };
    const authTime = Number(session['auth_time']);
    if ((account.validSince ?? 0) > authTime) return { status: 400, message: 'TOKEN_EXPIRED' };
    if (how === 'rotates') sessions.delete(given);
    return {
      id_token: idToken(session.uid, { auth_time: authTime }),
      refresh_token: how === 'rotates' ? newSession(session.uid, authTime) : given,
      user_id: session.uid,
    };
  }

  function lookup(body: string): object | Refused {
    if (server.denied) return { status: 403, message: 'INSUFFICIENT_PERMISSION' };
    const { localId } = JSON.parse(body) as { readonly localId: readonly string[] };
    const users = localId.flatMap((uid) => {
      const account = accounts.get(uid);
      return account
        ? [{ localId: uid, ...account, validSince: String(account.validSince ?? 0) }]
        : [];
    });
    return { users };
  }

  function update(body: string): object {
    const { localId, validSince, displayName } = JSON.parse(body) as {
      readonly localId: string;
      readonly validSince?: string;
      readonly displayName?: string;
    };
    const account = accounts.get(localId) ?? {};
    if (validSince !== undefined) account.validSince = Number(validSince);
    if (displayName !== undefined) account.displayName = displayName;
    return { localId };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { pathname } = new URL(request.url ?? '', 'http://auth.test');
    const name = pathname.split('/').at(-1) ?? '';
    calls.push(name);
    if (name === 'token') {
      server.onCall();
      await server.hold;
    }
    const operations = new Map<string, () => object>([
      ['accounts:signInWithCustomToken', () => signIn(body)],
      ['token', () => refresh(body, server.refreshing)],
      ['accounts:lookup', () => lookup(body)],
      ['accounts:update', () => update(body)],
    ]);
    const result = operations.get(name)?.() ?? { status: 404, message: 'NOT_FOUND' };
    const refused = 'message' in result ? (result as Refused) : undefined;
    response.writeHead(refused?.status ?? 200, { 'Content-Type': 'application/json' });
    response.end(
      JSON.stringify(
        refused ? { error: { code: refused.status, message: refused.message } } : result,
      ),
    );
  }

  const listener = createServer((request, response) => void answer(request, response));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const server: AuthServer = {
    host: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    accounts,
    calls,
    hold: Promise.resolve(),
    refreshing: 'works',
    denied: false,
    onCall: () => undefined,
    customToken: (customerId) => unsigned({ uid: `tiki:${customerId}` }),
    idToken,
    close: async () => {
      listener.closeAllConnections();
      listener.close();
      await once(listener, 'close');
    },
  };
  return server;
}
