import { randomUUID } from 'node:crypto';
import type { App } from 'firebase-admin/app';
import type { Auth, DecodedIdToken } from 'firebase-admin/auth';
import { TimeUp, withinDeadline, type Deadline } from '../clock';
import { openOnce } from '../lazy';
import { asProblem, Problem } from '../problem';
import { boundedAgent } from '../upstream/bounded-agent';
import { codeOf } from './error-code';
import type { KeptToken } from './kept-token';
import { grantRole, type FirestoreCaller } from './firestore-failure';
import { NO_CREDENTIALS } from './no-credentials';
import { credentialFrom } from './signer';

/** Milliseconds for one call. */
const TIMEOUT_MS = 3_000;
const OPEN_MS = 5_000;
/** Longer than any request waits for a call, so that it only closes abandoned ones. */
const SILENCE_MS = 5_000;
const RETRY_AFTER_SECONDS = 1;

/** The users of this project, by Admin SDK. All calls throw a `Problem` if Google does not answer. */
export interface Users {
  /**
   * The claims of an ID token of this project; undefined for anything else.
   *
   * @param checkRevoked Also refuse it if its user was disabled or deleted, or signed out
   *   everywhere, after it was made: one call to Google.
   */
  readonly verify: (
    idToken: string,
    checkRevoked: boolean,
    deadline: Deadline,
  ) => Promise<DecodedIdToken | undefined>;
  /** Ends all sessions of a user. ID tokens that exist already are valid for up to an hour more. */
  readonly signOutEverywhere: (uid: string, deadline: Deadline) => Promise<void>;
  /** Sets the display name that ID tokens have as `name`. */
  readonly rename: (uid: string, name: string, deadline: Deadline) => Promise<void>;
}

export interface UsersSettings extends FirestoreCaller {
  /** Undefined: the default credentials. */
  readonly tokens: KeptToken | undefined;
}

async function openAuth({ projectId, tokens }: UsersSettings): Promise<Auth> {
  const [admin, { getAuth }] = await Promise.all([
    import('firebase-admin/app'),
    import('firebase-admin/auth'),
  ]);
  const app: App = admin.initializeApp(
    {
      projectId,
      ...(tokens
        ? { credential: credentialFrom(tokens), httpAgent: boundedAgent(SILENCE_MS) }
        : { credential: admin.applicationDefault() }),
    },
    // Not counted: a server may have this code twice, and firebase-admin once.
    `tiki-firebase-bridge-users-${randomUUID()}`,
  );
  return getAuth(app);
}

/** A token that is none, or whose user is signed out. */
const REFUSED: ReadonlySet<unknown> = new Set([
  'auth/invalid-id-token',
  'auth/id-token-expired',
  'auth/id-token-revoked',
  'auth/user-disabled',
  'auth/user-not-found',
]);
/** firebase-admin has the same code when it cannot fetch Google's certificates. */
const ABOUT_THE_TOKEN =
  /^(?:Firebase ID token |Decoding Firebase ID token |verifyIdToken\(\) expects |First argument )/;

/** Whether firebase-admin says that a token is no good, and not that it could not find out. */
function isRefusal(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== 'auth/argument-error') return REFUSED.has(code);
  return error instanceof Error && ABOUT_THE_TOKEN.test(error.message);
}

/** firebase-admin has one code for these and for a broken connection. */
const WITHOUT_CREDENTIALS =
  /Could not load the default credentials|read the credential file|ENOENT|invalid_grant/;

function problemOf(error: unknown, caller: FirestoreCaller): Problem {
  if (error instanceof TimeUp) return new Problem('upstream-timeout');
  // Not from firebase-admin.
  if (codeOf(error) === undefined) return asProblem(error);
  if (codeOf(error) === 'auth/insufficient-permission') {
    return new Problem('misconfigured', {
      cause: error,
      operator: {
        cause: 'The account that this service runs as may not read and sign out users',
        remedy: grantRole('roles/firebaseauth.admin', caller),
      },
    });
  }
  if (error instanceof Error && WITHOUT_CREDENTIALS.test(error.message)) {
    return new Problem('misconfigured', { cause: error, operator: NO_CREDENTIALS });
  }
  return new Problem('upstream-unavailable', {
    cause: error,
    operator: { cause: 'A call to Firebase Authentication failed' },
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** Opens nothing before the first call. */
export function createUsers(settings: UsersSettings): Users {
  const opened = openOnce(() => openAuth(settings));

  async function call<T>(deadline: Deadline, work: (auth: Auth) => Promise<T>): Promise<T> {
    // A new instance loads firebase-admin first.
    const auth = await withinDeadline(OPEN_MS, deadline, opened());
    return withinDeadline(TIMEOUT_MS, deadline, work(auth));
  }

  return {
    verify: async (idToken, checkRevoked, deadline) => {
      try {
        return await call(deadline, (auth) => auth.verifyIdToken(idToken, checkRevoked));
      } catch (error) {
        if (isRefusal(error)) return undefined;
        throw problemOf(error, settings);
      }
    },
    signOutEverywhere: async (uid, deadline) => {
      try {
        await call(deadline, (auth) => auth.revokeRefreshTokens(uid));
      } catch (error) {
        throw problemOf(error, settings);
      }
    },
    rename: async (uid, displayName, deadline) => {
      try {
        await call(deadline, (auth) => auth.updateUser(uid, { displayName }));
      } catch (error) {
        throw problemOf(error, settings);
      }
    },
  };
}
