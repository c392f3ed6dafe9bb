import { readClaims } from '../auth/id-token';
import { type Session } from '../auth/session';

/**
 * The header with which the project's App Check lets the app through, as long as the token of the
 * login is valid. The token lasts no longer than the bridge chose; the next login brings another.
 *
 * @param now The device's clock, epoch ms.
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
    // Without one the project has no App Check, or says itself that it is missing.
    return {};
  }
}
