import { type Callbacks, DOCUMENTED, type RequestBehaviour } from './behaviour';
import type { Transport } from './transport';

export interface Customer {
  readonly id: string;
  readonly name: string;
}

export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As passed by the app, before encoding. */
  readonly data: unknown;
}

/** What happens to one request on the network. */
export type NetworkFault =
  /** The request never leaves the phone. */
  | 'lost'
  /** The server processes it; the response is lost. */
  | 'answer lost'
  /** The server processes it; no callback is ever called. */
  | 'hang';

/** What a function of `my` passes to `success` or to `fail`. */
export type MyAnswer = { readonly success: unknown } | { readonly fail: unknown };

export interface Timers {
  readonly now: () => number;
  readonly setTimeout: (callback: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: never) => void;
}

/** A phone with Tiki's app. Its state persists across mini programs opened on it. */
export interface Phone {
  /** The customer logged in to Tiki; undefined for none. Assign it to switch users. */
  customer: Customer | undefined;
  online: boolean;
  behaviour: RequestBehaviour;
  /** Results of the next calls of `my.getAuthCode`, one each, instead of an auth code. */
  readonly authCodeAnswers: MyAnswer[];
  /** Each applies once, to the next request whose URL contains `path`. */
  readonly networkFaults: { readonly path: string; readonly what: NetworkFault }[];
  /** `my.getUserInfo` answers, fails, or never calls back. */
  userInfo: 'answers' | 'fails' | 'hangs';
  /**
   * Whether the user allowed `my.getUserInfo`, as `my.getSetting` tells. `undecided`: the first call
   * opens a dialog, and `decide` answers it.
   */
  permission: 'granted' | 'refused' | 'undecided';
  /** What the user decides in the dialog, and when: at once, or when the promise is settled. */
  decide: () => 'granted' | 'refused' | Promise<'granted' | 'refused'>;
  /** When the app gets `onAppShow` because the dialog closes. */
  dialogShows: 'never' | 'before the callback' | 'after the callback';
  /** The number of permission dialogs so far. */
  dialogs: number;
  /** By function: how it calls back, if not as the behaviour says. */
  readonly callbacks: Map<string, Callbacks>;
  /** Functions that this version of Tiki's app does not have. */
  readonly missing: Set<string>;
  /** The form in which `my.getUserInfo` gives the customer id; default its text. */
  idForm: (id: string) => unknown;
  /** `my.getStorage` of a missing key: a success without data, or a failure. */
  missingKey: 'success' | 'fail';
  /** Where a message of a web-view is in the event: `event.detail.data`, or `event.detail`. */
  webViewDetail: 'data' | 'bare';
  storageFails: boolean;
  /** Nothing can be written, but read and removed. */
  storageFull: boolean;
  /** The next writes to storage, one each, happen when these are settled. */
  readonly slowWrites: Promise<unknown>[];
  /** Called with a `my` function's name; its callbacks wait for the returned promise. */
  hold: ((name: string) => unknown) | undefined;
  /** What the user does in Tiki's payment, and what `my.makePayment` says about it. */
  pay: (orderId: string) => MyAnswer | Promise<MyAnswer>;
  /** The ids of all payments that were opened. */
  readonly payments: string[];
  /** Pictures and other files on the phone, by the temporary path that the app gets. */
  readonly files: Map<string, { readonly type: string; readonly bytes: Buffer }>;
  /** Per mini program, not per user. */
  readonly storage: Map<string, string>;
  /** The same for `my.setEncryptedStorage`. Without it the runtime has no encrypted storage. */
  encrypted: Map<string, string> | undefined;
  /** All requests of the app, including those that were not sent. */
  readonly requests: RecordedRequest[];
  readonly authCodes: string[];
  readonly timers: Timers;
  readonly domains: readonly string[];
  readonly transport: Transport;
  readonly issueAuthCode: (
    customer: Customer,
    scopes: readonly string[],
  ) => string | Promise<string>;
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
    networkFaults: [],
    userInfo: 'answers',
    permission: 'granted',
    decide: () => 'granted',
    dialogShows: 'never',
    dialogs: 0,
    callbacks: new Map(),
    missing: new Set(),
    idForm: (id) => id,
    missingKey: 'success',
    webViewDetail: 'data',
    storageFails: false,
    storageFull: false,
    slowWrites: [],
    hold: undefined,
    pay: () => ({ fail: 'no payment here' }),
    payments: [],
    files: new Map(),
    storage: new Map(),
    encrypted: undefined,
    requests: [],
    authCodes: [],
    timers: REAL_TIME,
    ...settings,
  };
}
