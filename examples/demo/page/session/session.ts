import type { Claims, TikiFirebase, User } from 'tiki-firebase-client';
import { failureFrom } from '../login/failure';

/** What the library says of the session when asked. */
export type Session =
  | {
      readonly state: 'in';
      /** The same object for as long as the session lasts. */
      readonly user: User;
      readonly idToken: string;
      readonly claims: Claims;
      readonly isPremium: boolean;
      /** Epoch ms of the question. */
      readonly at: number;
    }
  | {
      readonly state: 'out';
      /** Why no session is given out: an error code of the library's, and its message. */
      readonly code: string;
      readonly message: string;
    };

export type OpenSession = Session & { readonly state: 'in' };

/** Never rejects: a refusal to give out a token is an answer, too. */
export async function readSession(firebase: TikiFirebase, clock: () => number): Promise<Session> {
  try {
    const idToken = await firebase.getIdToken();
    const { currentUser: user, claims } = firebase;
    if (!user || !claims) throw new Error('The session ended as its token was handed out');
    return { state: 'in', user, idToken, claims, isPremium: firebase.isPremium(), at: clock() };
  } catch (thrown) {
    const { code, detail } = failureFrom(thrown);
    return { state: 'out', code, message: detail };
  }
}

/** `premiumUntil` among the claims, epoch ms. */
export function premiumUntilIn({ claims }: OpenSession): number | undefined {
  const { premiumUntil } = claims;
  return typeof premiumUntil === 'number' ? premiumUntil : undefined;
}
