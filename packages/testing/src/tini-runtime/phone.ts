import { DOCUMENTED, type RequestBehaviour } from './behaviour';
import type { Transport } from './transport';

export interface Customer {
  readonly id: string;
  readonly name: string;
}

export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As the app gave it, before it was encoded. */
  readonly data: unknown;
}

/** Something that happens to one request on its way. */
export type Mishap =
  /** It never leaves the phone. */
  | 'lost'
  /** The server gets it; the answer does not come back. */
  | 'answer lost'
  /** The server gets it; no callback is ever called. */
  | 'hang';

/** What `my.getAuthCode` hands to `success`, or with `fail`, to `fail`. */
export type AuthCodeAnswer = { readonly success: unknown } | { readonly fail: unknown };

export interface Timers {
  readonly now: () => number;
  readonly setTimeout: (callback: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: never) => void;
}

/** A phone with Tiki's app on it. It outlives the mini programs opened on it. */
export interface Phone {
  /** Who is logged in to Tiki; undefined: nobody. Change it to switch users. */
  customer: Customer | undefined;
  online: boolean;
  behaviour: RequestBehaviour;
  /** Instead of an auth code, for the next calls of `my.getAuthCode`, one each. */
  readonly authCodeAnswers: AuthCodeAnswer[];
  /** Before a request that fits, once; then it is used up. */
  readonly mishaps: { readonly path: string; readonly what: Mishap }[];
  /** `my.getUserInfo` answers, fails, or never calls back. */
  userInfo: 'answers' | 'fails' | 'hangs';
  /** `my.getStorage` of a key that is not there: a success without data, or a failure. */
  missingKey: 'success' | 'fail';
  storageFails: boolean;
  /** The next writes to storage, one each, take place when these are settled. */
  readonly slowWrites: Promise<unknown>[];
  /** What a callback of the `my` function of this name waits for; nothing unless given. */
  hold: ((name: string) => unknown) | undefined;
  /** Of the mini program, whoever uses it. */
  readonly storage: Map<string, string>;
  /** Everything the app asked for, also what was not let out. */
  readonly requests: RecordedRequest[];
  readonly authCodes: string[];
  readonly timers: Timers;
  readonly domains: readonly string[];
  readonly transport: Transport;
  readonly issueAuthCode: (customer: Customer, scopes: readonly string[]) => string;
}

export type PhoneSettings = Pick<Phone, 'domains' | 'transport' | 'issueAuthCode'> &
  Partial<Pick<Phone, 'customer' | 'behaviour' | 'timers'>>;

const REAL_TIME: Timers = {
  now: Date.now,
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => {
    clearTimeout(timer);
  },
};

export function createPhone(settings: PhoneSettings): Phone {
  return {
    customer: undefined,
    online: true,
    behaviour: DOCUMENTED,
    authCodeAnswers: [],
    mishaps: [],
    userInfo: 'answers',
    missingKey: 'success',
    storageFails: false,
    slowWrites: [],
    hold: undefined,
    storage: new Map(),
    requests: [],
    authCodes: [],
    timers: REAL_TIME,
    ...settings,
  };
}
