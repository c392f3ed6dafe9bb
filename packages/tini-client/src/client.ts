import { createAuth } from './auth/auth';
import { type Claims } from './auth/id-token';
import { type AuthMethods } from './auth/methods';
import { isPremium, type User } from './auth/session';
import { type ErrorCode, type ErrorExtras, TikiFirebaseError } from './errors';
import { type Connection } from './connection';
import { type Firestore } from './firestore/firestore';
import { type FirebaseFunctions } from './functions/functions';
import { type HandOver } from './hand-over/hand-over';
import { merge } from './merge';
import { checkOptions } from './options';
import { type Payments } from './payments/payments';
import { request } from './request';
import { type Answer, fieldsOf } from './runtime/answer';
import { type Context, type Platform } from './runtime/context';
import { type HttpRequest } from './runtime/http';
import { type My } from './runtime/my';
import { createStorage } from './runtime/storage';
import { type FirebaseStorage } from './storage/storage';

// Provided by the runtime; not in TypeScript's ES libraries.
declare const setTimeout: Platform['setTimeout'];
declare const clearTimeout: Platform['clearTimeout'];

/** Clock, randomness and timers default to the runtime's. */
export interface TikiFirebaseOptions extends Partial<Platform> {
  /** The global `my` of the Tini App. */
  readonly my: My;
  /** The domain registered in Tini Console, e.g. `https://app.example.vn`. */
  readonly baseUrl: string;
  /**
   * Where the function `gateway` is, if not at `baseUrl`: without Hosting each function has an address of
   * its own, such as `https://gateway-….run.app`.
   */
  readonly gatewayUrl?: string;
  readonly projectId: string;
  /** Language of error messages; default Vietnamese. */
  readonly language?: 'vi' | 'en';
  /** The project's web API key. Needed only if the gateway has none configured; that one wins. */
  readonly apiKey?: string;
  /** `firestore` from 'tiki-firebase-client/firestore', for apps that use Firestore. */
  readonly firestore?: (connection: Connection) => Firestore;
  /** `storage` from 'tiki-firebase-client/storage', for apps that upload files. */
  readonly storage?: (connection: Connection) => FirebaseStorage;
  /** The bucket for `storage`; default `<projectId>.firebasestorage.app`. */
  readonly storageBucket?: string;
  /** `functions` from 'tiki-firebase-client/functions', for apps with callable functions. */
  readonly functions?: (connection: Connection) => FirebaseFunctions;
  /** `handOver` from 'tiki-firebase-client/hand-over', for apps whose web-views continue the session. */
  readonly handOver?: (connection: Connection) => HandOver;
  /** `payments` from 'tiki-firebase-client/payments', for apps that sell premium. */
  readonly payments?: (connection: Connection) => Payments;
}

export interface TikiFirebase extends AuthMethods {
  /** Null while signed out, and while the Tiki customer is being checked: at start, on resume. */
  readonly currentUser: User | null;
  /** The claims of the current ID token. */
  readonly claims: Claims | null;
  /** Judged by the account's claims and the server's clock, without a request. */
  isPremium(): boolean;
  /** `my.request` with the user's token, to a path under `baseUrl`. Resolves for every status. */
  request(request: HttpRequest): Promise<Answer>;
  /** Throws `invalid-argument` without the option `firestore`. */
  firestore(): Firestore;
  /** Throws `invalid-argument` without the option `storage`. */
  storage(): FirebaseStorage;
  /** Throws `invalid-argument` without the option `functions`. */
  functions(): FirebaseFunctions;
  /**
   * Hands the user over to a page in a web-view. Throws `invalid-argument` without the option
   * `handOver`, or for a wrong `origins`.
   */
  readonly handOver: HandOver;
  /** Throws `invalid-argument` without the option `payments`. */
  payments(): Payments;
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '');

/** The `my` of the last client. */
let usedMy: My | undefined;

/**
 * Create it once, in app.js: it holds the session. Every failure is a TikiFirebaseError; for a wrong
 * option it is `invalid-argument` with the option's name in `extras.detail`. A second client on the
 * same `my` is refused with `failed-precondition`, because it could undo what the first did, such as
 * a sign-out.
 */
export function createTikiFirebase(options: TikiFirebaseOptions): TikiFirebase {
  checkOptions(options);
  const { now = Date.now, random = Math.random } = options;
  const { setTimeout: wait = setTimeout, clearTimeout: stop = clearTimeout } = options;
  const platform = { now, random, setTimeout: wait, clearTimeout: stop };
  const context: Context = merge(options, platform, {
    baseUrl: withoutSlash(options.baseUrl),
    gatewayUrl: withoutSlash(options.gatewayUrl || options.baseUrl),
    failWith(code: ErrorCode, extras: ErrorExtras = {}): never {
      throw new TikiFirebaseError(code, extras, options.language);
    },
  });
  if (usedMy === options.my) context.failWith('failed-precondition', { detail: 'my' });
  usedMy = options.my;
  const auth = createAuth(context, createStorage(context, `tiki-firebase-${context.projectId}`));
  const listenerCache = createStorage(context, `tiki-firebase-listen-${context.projectId}`);
  // Not only in the entry that fills it: since this start, the app may not have listened.
  auth.methods.onAuthStateChanged((user) => {
    void listenerCache.load().then((found) => {
      const { uid } = fieldsOf(found);
      if (uid && !(user && user.uid === uid)) void listenerCache.save();
    });
  });
  const connection: Connection = merge(context, auth, { listenerCache });
  const firestore = options.firestore && options.firestore(connection);
  const storage = options.storage && options.storage(connection);
  const functions = options.functions && options.functions(connection);
  const handOver = options.handOver && options.handOver(connection);
  const payments = options.payments && options.payments(connection);
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
    firestore: () => firestore || context.failWith('invalid-argument', { detail: 'firestore' }),
    storage: () => storage || context.failWith('invalid-argument', { detail: 'storage' }),
    functions: () => functions || context.failWith('invalid-argument', { detail: 'functions' }),
    handOver: handOver || (() => context.failWith('invalid-argument', { detail: 'handOver' })),
    payments: () => payments || context.failWith('invalid-argument', { detail: 'payments' }),
  };
  // merge would evaluate the getters.
  return Object.assign(client, auth.methods);
}
