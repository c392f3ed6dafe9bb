import { readClaims } from './id-token';
import { type Session } from './session';

/**
 * The App Check header, as long as the token from the login is valid. The bridge decides its
 * lifetime; only a login gets a new one.
 *
 * @param now Device time, epoch ms.
 * @see https://firebase.google.com/docs/app-check/custom-resource-backend
 */
export function appCheck(
  { appCheckToken = '', skew }: Session,
  now: number,
): Readonly<Record<string, string>> {
  try {
    const isValid = readClaims(appCheckToken).exp * 1000 > now + skew;
    return isValid ? { 'X-Firebase-AppCheck': appCheckToken } : {};
  } catch {
    // No valid token: the project does not use App Check, or will reject the call itself.
    return {};
  }
}
