import { refuse, type CallResult, type Refusal } from './call-result';
import type { LoginPath } from './fault';
import type { GrantStore, Lookup } from './grants';
import { readJson } from './json-body';
import type { FailureReason } from './types';

/** The only key in the body of each call. */
const BODY_KEY: Readonly<Record<LoginPath, string>> = {
  '/oauth/auth/token': 'code',
  '/oauth/auth/token/refresh': 'refresh_token',
  '/oauth/me': 'access_token',
};

/** Carries out a call whose signature is right: consumes its code or token. */
export function loginCall(path: LoginPath, body: Buffer, grants: GrantStore): CallResult {
  const credential = readCredential(body, BODY_KEY[path]);
  if (typeof credential !== 'string') return { refusal: credential };
  switch (path) {
    case '/oauth/auth/token':
      return resultOf(
        grants.exchangeCode(credential),
        'invalid_code',
        ({ fault, ...exchanged }) => ({
          success: { of: 'exchange', ...exchanged },
          ...(fault && { fault }),
        }),
      );
    case '/oauth/auth/token/refresh':
      return resultOf(grants.refresh(credential), 'invalid_token', (refreshed) => ({
        success: { of: 'refresh', ...refreshed },
      }));
    case '/oauth/me':
      return resultOf(grants.findByAccessToken(credential), 'invalid_token', (grant) => ({
        success: { of: 'me', grant },
      }));
  }
}

function resultOf<Found>(
  lookup: Lookup<Found>,
  reason: FailureReason,
  succeed: (found: Found) => CallResult,
): CallResult {
  return 'found' in lookup ? succeed(lookup.found) : { refusal: refuse(reason, lookup.problem) };
}

function readCredential(body: Buffer, key: string): string | Refusal {
  const parsed = readJson(body)?.value;
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
    const [entry, ...others] = Object.entries(parsed);
    const [name, value]: readonly unknown[] = entry ?? [];
    if (name === key && typeof value === 'string' && others.length === 0) return value;
  }
  return refuse(
    'invalid_request',
    `body must be a JSON object with the one key "${key}", a string`,
  );
}
