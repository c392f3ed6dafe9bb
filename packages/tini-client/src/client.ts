import { type AuthMethods, createAuth } from './auth/auth';
import { type Claims } from './auth/id-token';
import { isPremium, type User } from './auth/session';
import { createSessionStorage } from './auth/storage';
import { type ErrorCode, type ErrorExtras, TikiFirebaseError } from './errors';
import { type Connection, createConnection } from './connection';
import { type Firestore } from './firestore/firestore';
import { merge } from './merge';
import { request } from './request';
import { type Answer } from './runtime/answer';
import { type Context, type Surroundings } from './runtime/context';
import { type HttpRequest } from './runtime/http';
import { type My } from './runtime/my';

// The runtime's own; the type libraries of plain JavaScript do not have them.
declare const setTimeout: Surroundings['setTimeout'];
declare const clearTimeout: Surroundings['clearTimeout'];

/** Clock, randomness and timers are the runtime's unless given. */
export interface TikiFirebaseOptions extends Partial<Surroundings> {
  /** The global `my` of the Tini App. */
  readonly my: My;
  /** The domain registered in Tini Console, e.g. `https://app.example.vn`. */
  readonly baseUrl: string;
  readonly projectId: string;
  /** Of error messages; Vietnamese unless given. */
  readonly language?: 'vi' | 'en';
  /** The project's web API key. The gateway prefers the server's own, and needs one of the two. */
  readonly apiKey?: string;
  /** `firestore` of 'tiki-firebase-client/firestore', for apps that use Firestore. */
  readonly firestore?: (connection: Connection) => Firestore;
}

export interface TikiFirebase extends AuthMethods {
  /** Null while nobody is logged in, and while Tiki is asked who it is: at the start, on resume. */
  readonly currentUser: User | null;
  /** Of the current ID token. */
  readonly claims: Claims | null;
  /** By the account's claims and the server's clock, without a request. */
  isPremium(): boolean;
  /** `my.request` with the user's token, to a path below `baseUrl`. Resolves for every status. */
  request(request: HttpRequest): Promise<Answer>;
  /** Undefined unless the option `firestore` was given. */
  firestore(): Firestore;
}

/** That the last client was made with. */
let taken: My | undefined;

/**
 * Create it once, in app.js: it holds the session. Every failure is a TikiFirebaseError; it is
 * `failed-precondition` for a second client of the same `my`, which would undo what the first did,
 * a sign-out for instance.
 */
export function createTikiFirebase(options: TikiFirebaseOptions): TikiFirebase {
  const surroundings = {
    now: Date.now,
    random: Math.random,
    setTimeout,
    clearTimeout,
  };
  const context: Context = merge(surroundings, options, {
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    failWith(code: ErrorCode, extras: ErrorExtras = {}): never {
      throw new TikiFirebaseError(code, extras, options.language);
    },
  });
  if (taken === options.my) context.failWith('failed-precondition', { detail: 'my' });
  taken = options.my;
  const auth = createAuth(context, createSessionStorage(context));
  const firestore = options.firestore && options.firestore(createConnection(context, auth));
  if (options.my.onAppShow) options.my.onAppShow(auth.methods.resume);
  const client = {
    get currentUser() {
      return auth.session().user || null;
    },
    get claims() {
      return auth.session().claims || null;
    },
    isPremium: () => isPremium(auth.session(), context.now()),
    request: (wanted: HttpRequest) => request(context, auth, wanted),
    // As the type says, for those who gave the option.
    firestore: () => firestore as Firestore,
  };
  // Not merge, which would read the getters.
  return Object.assign(client, auth.methods);
}
