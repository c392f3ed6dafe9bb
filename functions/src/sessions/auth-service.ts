import * as z from 'zod';
import type { Clock } from '../clock';
import type { Upstreams } from '../google/upstreams';
import { Problem } from '../problem';
import { setParameters } from '../remedy';
import { guardedBy, type Guarded } from '../upstream/circuit-breaker';
import type { HttpClient } from '../upstream/http-client';
import { HEALTH, symptomOf, type Outcome } from '../upstream/outcome';
import { readJson } from '../upstream/read-json';
import type { RequestContext } from '../upstream/request-context';
import { RETRY, withRetries } from '../upstream/retry';

/** For one attempt. */
const TIMEOUT_MS = 3_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const RETRY_AFTER_SECONDS = 1;

/** The tokens of a signed-in user. */
export interface UserTokens {
  readonly idToken: string;
  readonly refreshToken: string;
}

/** Firebase Authentication, as its client SDKs call it. */
export interface AuthService {
  /** Undefined: Google refuses the custom token, or the user is disabled. @throws Problem */
  readonly signIn: (token: string, context: RequestContext) => Promise<UserTokens | undefined>;
  /** Undefined: the session is over: revoked, or its user was disabled or deleted. @throws Problem */
  readonly refresh: (token: string, context: RequestContext) => Promise<UserTokens | undefined>;
}

export interface AuthServiceSettings {
  readonly upstreams: Pick<Upstreams, 'identityToolkit' | 'secureToken'>;
  readonly apiKey: string;
  readonly http: HttpClient;
  readonly clock: Clock;
}

const signedIn = z
  .object({ idToken: z.string().min(1), refreshToken: z.string().min(1) })
  .transform(({ idToken, refreshToken }): UserTokens => ({ idToken, refreshToken }));
const refreshed = z
  .object({ id_token: z.string().min(1), refresh_token: z.string().min(1) })
  .transform((body): UserTokens => ({ idToken: body.id_token, refreshToken: body.refresh_token }));
const refusal = z.object({ error: z.object({ message: z.string() }) });

/**
 * How the message of a 400 begins when it is about this user or token, and not about the project.
 *
 * @see https://firebase.google.com/docs/reference/rest/auth
 */
const OVER =
  /^(?:INVALID_CUSTOM_TOKEN|CREDENTIAL_MISMATCH|TOKEN_EXPIRED|INVALID_REFRESH_TOKEN|USER_DISABLED|USER_NOT_FOUND)\b/;
const QUOTA = /^(?:QUOTA_EXCEEDED|TOO_MANY_ATTEMPTS_TRY_LATER)\b/;

interface Call {
  readonly url: URL;
  readonly path: string;
  readonly type: 'application/json' | 'application/x-www-form-urlencoded';
  readonly body: string;
  readonly answer: z.ZodType<UserTokens>;
}

const unavailable = (cause: string) =>
  new Problem('upstream-unavailable', {
    operator: { cause },
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });

/** @throws Problem for everything but the tokens and "this session is over". */
function tokensOf(outcome: Outcome<UserTokens>): UserTokens | undefined {
  switch (outcome.kind) {
    case 'answer':
      return outcome.data;
    case 'refused':
      if (OVER.test(outcome.reason)) return undefined;
      if (outcome.status === 429 || QUOTA.test(outcome.reason)) {
        throw new Problem('upstream-unavailable', {
          operator: {
            cause: 'Firebase Authentication allows no more sign-ins for now',
            remedy: 'raise its quota, in the Firebase console or through support: docs/growth.md',
          },
          retryAfterSeconds: 60,
        });
      }
      if (outcome.status >= 500) throw unavailable('Firebase Authentication fails');
      throw new Problem('misconfigured', {
        operator: {
          cause: 'Firebase Authentication refuses the calls of this project',
          remedy: setParameters(
            'set WEB_API_KEY to the Web API key that the Firebase console shows in the project ' +
              'settings, which must not be restricted to websites,',
            'functions:tiki-bridge:sessions',
          ),
        },
      });
    case 'wrong-shape':
      throw new Problem('upstream-bad-response');
    case 'no-answer':
      throw new Problem('upstream-timeout');
    default:
      throw unavailable('Firebase Authentication cannot be reached');
  }
}

/** Calls Identity Toolkit and Secure Token, which know a user by their tokens alone. */
export function createAuthService(settings: AuthServiceSettings): AuthService {
  const { upstreams, apiKey, http, clock } = settings;

  async function attempt(call: Call, timeoutMs: number): Promise<Outcome<UserTokens>> {
    if (timeoutMs <= 0) return { kind: 'no-answer' };
    const { href } = call.url;
    const sent = await http.send({
      method: 'POST',
      url: `${href.replace(/\/$/, '')}${call.path}?key=${encodeURIComponent(apiKey)}`,
      headers: { 'Content-Type': call.type, Accept: 'application/json' },
      body: call.body,
      timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
    });
    if (sent.kind !== 'answer') return sent;
    const { status, body } = sent.data;
    const json = readJson(body.toString());
    if (status === 200) {
      const tokens = call.answer.safeParse(json).data;
      return tokens ? { kind: 'answer', data: tokens } : { kind: 'wrong-shape', where: 'body' };
    }
    const reason = refusal.safeParse(json).data?.error.message;
    return reason === undefined
      ? { kind: 'unexpected-status', status }
      : { kind: 'refused', status, reason };
  }

  async function ask(guarded: Guarded, call: Call, { deadline, caller }: RequestContext) {
    const outcome = await guarded({
      caller,
      run: () =>
        withRetries(RETRY.read, () => attempt(call, Math.floor(Math.min(TIMEOUT_MS, deadline()))), {
          deadline,
          clock,
          random: Math.random,
        }),
      judge: {
        answer: (ended) => (ended.kind === 'answer' ? 'success' : HEALTH[symptomOf(ended)]),
        error: () => 'unknown',
      },
    });
    return tokensOf(outcome);
  }

  const identityToolkit = guardedBy(clock, 'upstream-unavailable', 'Identity Toolkit');
  const secureToken = guardedBy(clock, 'upstream-unavailable', 'Secure Token');
  return {
    signIn: (token, context) =>
      ask(
        identityToolkit,
        {
          url: upstreams.identityToolkit,
          path: '/v1/accounts:signInWithCustomToken',
          type: 'application/json',
          body: JSON.stringify({ token, returnSecureToken: true }),
          answer: signedIn,
        },
        context,
      ),
    refresh: (token, context) =>
      ask(
        secureToken,
        {
          url: upstreams.secureToken,
          path: '/v1/token',
          type: 'application/x-www-form-urlencoded',
          body: new URLSearchParams({
            grant_type: 'refresh_token',
            refresh_token: token,
          }).toString(),
          answer: refreshed,
        },
        context,
      ),
  };
}
