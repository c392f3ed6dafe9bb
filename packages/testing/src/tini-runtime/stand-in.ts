import type { Customer } from './phone';
import type { Transport, WireAnswer, WireRequest } from './transport';

const HOUR_S = 3600;

type Handler = (body: Record<string, unknown>, request: WireRequest) => WireAnswer;

export interface StandIn {
  readonly transport: Transport;
  readonly issueAuthCode: (customer: Customer, scopes: readonly string[]) => string;
  /** The account claims of every user, from the next token on. */
  claims: Record<string, unknown>;
  /** Answers what the stand-in itself does not know, such as orders. */
  beside: Transport | undefined;
  /** Each replaces one response, to the next request whose URL contains `path`. */
  readonly answers: { readonly path: string; readonly answer: WireAnswer }[];
  /** Delays each response. */
  hold: Promise<unknown> | undefined;
}

export function json(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): WireAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

export function problem(
  status: number,
  code: string,
  headers: Record<string, string> = {},
): WireAnswer {
  const body = { type: 'about:blank', title: code, status, code, detail: 'why', requestId: 'r-1' };
  return json(status, body, { 'content-type': 'application/problem+json', ...headers });
}

export function googleError(
  code: number,
  message: string,
  status = 'INVALID_ARGUMENT',
): WireAnswer {
  return json(code, { error: { code, message, status } });
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** In-memory bridge and Firebase Auth with their own clock, for tests of time. */
export function createStandIn(serverNow: () => number): StandIn {
  const codes = new Map<string, Customer>();
  let issued = 0;

  function idToken(uid: string): string {
    const iat = Math.floor(serverNow() / 1000);
    const times = { auth_time: iat, iat, exp: iat + HOUR_S };
    const claims = { sub: uid, user_id: uid, ...times, ...standIn.claims };
    issued += 1;
    return `${base64url({ alg: 'none' })}.${base64url({ ...claims, jti: issued })}.`;
  }

  const handlers: Record<string, Handler> = {
    '/auth_exchange': ({ code }) => {
      const customer = codes.get(String(code));
      if (!customer) return problem(401, 'invalid-code');
      codes.delete(String(code));
      const uid = `tiki:${customer.id}`;
      return json(200, { customToken: uid, expiresIn: 3600, uid, customer, scopes: ['offline'] });
    },
    '/identitytoolkit/v1/accounts:signInWithCustomToken': ({ token }) =>
      json(200, { idToken: idToken(String(token)), refreshToken: `refresh ${String(token)}` }),
    '/identitytoolkit/v1/accounts:lookup': ({ idToken: token }) => {
      const payload = Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString();
      return json(200, { users: [{ localId: (JSON.parse(payload) as { sub: string }).sub }] });
    },
    '/securetoken/v1/token': ({ refresh_token: token, grant_type: grant }) => {
      if (grant !== 'refresh_token') return googleError(400, 'MISSING_GRANT_TYPE');
      const id = idToken(String(token).replace('refresh ', ''));
      // Google returns both names: the SDK reads one, the client the other.
      const tokens = { id_token: id, access_token: id, refresh_token: token };
      return json(200, { ...tokens, expires_in: '3600' });
    },
    '/api/me': (body, { method, headers }) =>
      json(200, { method, body, authorization: headers['Authorization'] }),
  };

  const standIn: StandIn = {
    claims: {},
    beside: undefined,
    answers: [],
    hold: undefined,
    issueAuthCode(customer) {
      const code = `code-${codes.size}-${customer.id}-${(issued += 1)}`;
      codes.set(code, customer);
      return code;
    },
    async transport(request) {
      const { pathname } = new URL(request.url);
      const at = standIn.answers.findIndex(({ path }) => request.url.includes(path));
      const prepared = at < 0 ? undefined : standIn.answers.splice(at, 1)[0]?.answer;
      const handler = handlers[pathname];
      const usual = () =>
        handler
          ? handler(JSON.parse(String(request.body ?? '{}')) as Record<string, unknown>, request)
          : (standIn.beside?.(request) ?? problem(404, 'not-found'));
      const answer = prepared ?? (await usual());
      await standIn.hold;
      return answer;
    },
  };
  return standIn;
}
