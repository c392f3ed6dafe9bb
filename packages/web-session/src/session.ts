import { readCookieUser, signInWithCookie, signOutOnServer } from './cookie-session';
import { SESSION, type User } from './messages';
import { ask, installWorker, signInWithWorker } from './worker-client';

export { SessionError } from './errors';
export type { User } from './messages';

export interface SessionOptions {
  /** Where the site serves the package's file `session-worker.js`; default `/session-worker.js`. */
  readonly worker?: string;
  /** Where the bridge is on this site, such as `/tiki`: its parameter PATH_PREFIX. Default: at the root. */
  readonly pathPrefix?: string;
}

export interface SignOutOptions {
  /**
   * Ends the user's sessions and notifications on all devices: refresh tokens issued until now become
   * useless.
   */
  readonly everywhere?: boolean;
}

/** The user's session on this origin, in all tabs. */
export interface Session {
  /** As given to `startSession`. */
  readonly pathPrefix: string;
  /**
   * Resolves when the session is stored: the next navigation is the user's.
   *
   * @param customToken From the bridge, such as `customToken` of a login
   * @throws SessionError
   */
  signIn(customToken: string): Promise<User>;
  /**
   * Resolves when the session is gone: the next navigation is nobody's.
   *
   * @throws SessionError if the server could not be asked: the worker's session is gone all the same,
   *   a cookie, or the sessions and notifications of other devices, may not be.
   */
  signOut(options?: SignOutOptions): Promise<void>;
  /** @throws SessionError */
  user(): Promise<User | null>;
  /**
   * Gives the worker a token with the account's claims of now, such as after a purchase; it would get one
   * within the hour. Without a worker there is nothing to do: the server has `verifySession` for it.
   *
   * @throws SessionError
   */
  refresh(): Promise<void>;
  /** Calls the listener when somebody signs in or out, in any tab. Returns a function that ends that. */
  onChange(listener: (user: User | null) => void): () => void;
}

/**
 * Starts the session of a page: in the service worker, which it installs, or in a cookie where there
 * are no service workers. Both look the same to the page and to the server.
 *
 *     const session = startSession();
 *     await session.signIn(customToken);
 *     location.assign('/profile');
 */
export function startSession({
  worker = '/session-worker.js',
  pathPrefix = '',
}: SessionOptions = {}): Session {
  const installed = installWorker(pathPrefix ? `${worker}?prefix=${pathPrefix}` : worker);
  const listeners = new Set<(user: User | null) => void>();
  /** Undefined until the page has learned of a user or of none. */
  let known: string | null | undefined;

  const channel = new BroadcastChannel(SESSION);
  function learn(user: User | null): void {
    const uid = user && user.uid;
    if (uid === known) return;
    known = uid;
    for (const listener of listeners) listener(user);
  }
  channel.onmessage = ({ data }: MessageEvent<User | null>) => {
    learn(data);
  };
  /** For sessions in the cookie: the worker announces its own. */
  function announce(user: User | null): void {
    channel.postMessage(user);
    learn(user);
  }

  return {
    pathPrefix,

    async signIn(customToken) {
      const registration = await installed;
      if (registration) {
        // Form posts, which the worker does not touch, would be those of another user.
        await signOutOnServer(pathPrefix, false);
        return signInWithWorker(registration, customToken);
      }
      const user = await signInWithCookie(pathPrefix, customToken);
      announce(user);
      return user;
    },

    async signOut({ everywhere = false } = {}) {
      const registration = await installed;
      try {
        await signOutOnServer(pathPrefix, everywhere);
      } finally {
        if (registration) await ask(registration, { command: 'signOut' });
      }
      announce(null);
    },

    async user() {
      const registration = await installed;
      const kept = registration && (await ask(registration, { command: 'user' }));
      // A visit without the worker may have left a cookie.
      const user = kept?.user ?? (await readCookieUser(pathPrefix));
      known = user && user.uid;
      return user;
    },

    async refresh() {
      const registration = await installed;
      if (registration) await ask(registration, { command: 'refresh' });
    },

    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
