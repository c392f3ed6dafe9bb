import type { Context, My as ClientMy } from 'tiki-firebase-client/runtime';

/**
 * What the build uses of Tiki's `my`. A Tini App's global `my` fits. The auth code is for the app to
 * ask for, since the exchange is its own.
 */
export interface My extends Omit<ClientMy, 'getAuthCode'> {
  readonly removeStorage: ClientMy['setStorage'];
}

/** What a call of a function of `my` takes: it has a timer of its own. */
export interface Surroundings extends Pick<Context, 'setTimeout' | 'clearTimeout'> {
  readonly my: My;
}
