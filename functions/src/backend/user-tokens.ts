import { LRUCache } from 'lru-cache';
import type { Clock, Deadline } from '../clock';
import type { JwtSigner } from '../google/jwt-signer';

/** How long the backend may believe a token. */
const LIFETIME_SECONDS = 60;
/** How long one is used again, so that a page with twenty requests does not wait for IAM twenty times. */
const REUSED_MS = 30_000;
const MAX_USERS = 10_000;

/**
 * The value of `X-Tiki-User`: who the caller is, in a JSON Web Token of one minute. `iss` is the
 * service account, `sub` the uid, `aud` the backend's origin. No other claim: with those of a custom
 * token or of a self-signed one it could be used at Google.
 */
export type UserTokens = (uid: string, deadline: Deadline) => Promise<string>;

/** @param audience The backend's origin; never an address of Google's APIs. */
export function signedUserTokens(
  signer: JwtSigner,
  audience: string,
  clock: Pick<Clock, 'now' | 'elapsed'>,
): UserTokens {
  const signing = new LRUCache<string, Promise<string>>({
    max: MAX_USERS,
    ttl: REUSED_MS,
    ttlResolution: 0,
    perf: { now: clock.elapsed },
  });

  async function sign(uid: string, deadline: Deadline): Promise<string> {
    const iat = Math.floor(clock.now() / 1_000);
    const iss = await signer.issuer();
    return signer.sign(
      { iss, sub: uid, aud: audience, iat, exp: iat + LIFETIME_SECONDS },
      deadline,
    );
  }

  return (uid, deadline) => {
    const known = signing.get(uid);
    if (known) return known;
    const started = sign(uid, deadline);
    signing.set(uid, started);
    started.catch(() => {
      if (signing.peek(uid) === started) signing.delete(uid);
    });
    return started;
  };
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Unsigned, as all tokens of the Firebase emulators are: there is no service account. Firebase's own
 * libraries accept such tokens only where FIREBASE_AUTH_EMULATOR_HOST is set, and so should a backend.
 */
export function emulatorUserTokens(audience: string, clock: Pick<Clock, 'now'>): UserTokens {
  return (uid) => {
    const iat = Math.floor(clock.now() / 1_000);
    const claims = { iss: 'emulator', sub: uid, aud: audience, iat, exp: iat + LIFETIME_SECONDS };
    return Promise.resolve(`${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims)}.`);
  };
}
