import type { Claims, TikiFirebase, User } from 'tiki-firebase-client';
import { failureFrom } from '../login/failure';

/** The library's session at one point in time. */
export type Session =
  | {
      readonly state: 'in';
      /** The same object for as long as the session lasts. */
      readonly user: User;
      readonly idToken: string;
      readonly claims: Claims;
      readonly isPremium: boolean;
      /** When it was read; epoch ms. */
      readonly at: number;
    }
  | {
      readonly state: 'out';
      /** Why there is no session: an error code of the library, and its message. */
      readonly code: string;
      readonly message: string;
    };

export type OpenSession = Session & { readonly state: 'in' };

/** Never rejects: an error of the library is a result too. */
export async function readSession(firebase: TikiFirebase, clock: () => number): Promise<Session> {
  try {
    const idToken = await firebase.getIdToken();
    const { currentUser: user, claims } = firebase;
    if (!user || !claims) throw new Error('The session ended while its token was read');
    return { state: 'in', user, idToken, claims, isPremium: firebase.isPremium(), at: clock() };
  } catch (thrown) {
    const { code, detail } = failureFrom(thrown);
    return { state: 'out', code, message: detail };
  }
}

/** The claim `premiumUntil`, epoch ms. */
export function premiumUntilIn({ claims }: OpenSession): number | undefined {
  const { premiumUntil } = claims;
  return typeof premiumUntil === 'number' ? premiumUntil : undefined;
}
