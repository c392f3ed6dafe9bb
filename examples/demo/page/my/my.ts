import type { My } from 'tiki-firebase-client';
import type { JsonRecord } from '../json';
import { withCallbacks } from './callbacks';
import type { Around, Call } from './observation';
import { fail, type Outcome, success } from './outcome';
import { request, type RequestOptions } from './request';
import { getStorage, setStorage, type TextStorage } from './storage';
import { getAuthCode, getUserInfo, type TikiAccount } from './tiki-account';

/** What the simulated phone depends on. */
export interface Phone {
  readonly tiki: TikiAccount;
  readonly storage: TextStorage;
  readonly fetch: typeof globalThis.fetch;
  /** The only domain that `my.request` can reach, without a trailing slash. */
  readonly domain: string;
  readonly around: Around;
  /** Tiki's own payment, which opens over the app. */
  readonly pay: (orderId: string) => Promise<Outcome>;
}

export interface BrowserMy {
  readonly my: My;
  /** Simulates a return to the foreground: calls the listeners of `my.onAppShow`. */
  readonly show: () => void;
}

/**
 * The global `my` of a Tini App in a browser: the part that the client library uses, with the
 * documented shapes.
 */
export function createMy({ tiki, storage, fetch, domain, around, pay }: Phone): BrowserMy {
  const listeners: (() => unknown)[] = [];

  function observed<Options extends object>(
    name: Call['name'],
    carryOut: (options: Options) => Outcome | Promise<Outcome>,
  ) {
    return withCallbacks<Options>((options) =>
      // Any object fits JsonRecord.
      around({ name, options: options as JsonRecord }, async () => carryOut(options)),
    );
  }

  return {
    my: {
      getAuthCode: observed('getAuthCode', (options: { readonly scopes?: readonly string[] }) =>
        getAuthCode(tiki, options),
      ),
      getUserInfo: observed('getUserInfo', () => getUserInfo(tiki)),
      // Whoever is logged in has allowed it; not drawn, because nothing leaves the phone.
      getSetting: withCallbacks(() =>
        Promise.resolve(success({ authSetting: { userInfo: true } })),
      ),
      getStorage: observed('getStorage', (options: { readonly key: string }) =>
        getStorage(storage, options),
      ),
      setStorage: observed(
        'setStorage',
        (options: { readonly key: string; readonly data?: unknown }) =>
          setStorage(storage, options),
      ),
      request: observed('request', (options: RequestOptions) =>
        request({ domain, fetch }, options),
      ),
      // Not drawn: no purchase is part of a login.
      makePayment: withCallbacks(async ({ orderId }: { readonly orderId?: unknown }) =>
        typeof orderId === 'string' ? pay(orderId) : fail('orderId', 'orderId must be a string'),
      ),
      onAppShow: (listener) => listeners.push(listener),
    },
    show: () => {
      for (const listener of listeners) listener();
    },
  };
}
