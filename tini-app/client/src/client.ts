import { createAuth, type IdTokenOptions, type SignInOptions } from './auth/auth';
import { type Claims } from './auth/idToken';
import { type UserListener } from './auth/listeners';
import { isPremium, type User } from './auth/session';
import { createSessionStorage } from './auth/storage';
import { TikiFirebaseError } from './errors';
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
  /** The web API key; not needed where the gateway adds it. */
  readonly apiKey?: string;
  /** `firestore` of 'tiki-firebase-client/firestore', for apps that use Firestore. */
  readonly firestore?: (connection: Connection) => Firestore;
}

export interface TikiFirebase {
  /** Null while nobody is logged in, and until the stored session has been looked at. */
  readonly currentUser: User | null;
  /** Of the current ID token. */
  readonly claims: Claims | null;
  /** By the account's claims and the server's clock, without a request. */
  isPremium(): boolean;
  /** Logs in with Tiki; must follow a tap, since Tiki may ask the user. */
  signIn(options?: SignInOptions): Promise<User>;
  signOut(): Promise<void>;
  /** A token good for five more minutes; with `forceRefresh`, one with the claims of now. */
  getIdToken(options?: IdTokenOptions): Promise<string>;
  /** Calls with the user as soon as it is known, then at each change. Gives the way to stop it. */
  onAuthStateChanged(listener: UserListener): () => void;
  /** Call it in `App.onShow`, unless `my.onAppShow` exists: somebody else may be logged in now. */
  resume(): Promise<void>;
  /** `my.request` with the user's token, to a path below `baseUrl`. Resolves for every status. */
  request(request: HttpRequest): Promise<Answer>;
  /** Undefined unless the option `firestore` was given. */
  firestore(): Firestore;
}

/** Create it once, in app.js: it holds the session. Every failure is a TikiFirebaseError. */
export function createTikiFirebase(options: TikiFirebaseOptions): TikiFirebase {
  const surroundings = {
    now: Date.now,
    random: Math.random,
    setTimeout,
    clearTimeout,
  };
  const context: Context = merge(surroundings, options, {
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    error: (...[code, extras = {}]: Parameters<Context['error']>) =>
      new TikiFirebaseError(code, extras, options.language),
  });
  const auth = createAuth(context, createSessionStorage(context));
  const firestore = options.firestore && options.firestore(createConnection(context, auth));
  const { onAppShow } = options.my;
  if (onAppShow) onAppShow(auth.resume);
  return {
    get currentUser() {
      return auth.session().user || null;
    },
    get claims() {
      return auth.session().claims || null;
    },
    isPremium: () => isPremium(auth.session(), context.now()),
    signIn: auth.signIn,
    signOut: auth.signOut,
    getIdToken: auth.getIdToken,
    onAuthStateChanged: auth.onChange,
    resume: auth.resume,
    request: (wanted) => request(context, auth, wanted),
    // As the type says, for those who gave the option.
    firestore: () => firestore as Firestore,
  };
}
