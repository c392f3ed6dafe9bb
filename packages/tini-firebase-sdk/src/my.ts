import type { Context } from '../../tini-client/src/runtime/context';
import type { My as ClientMy } from '../../tini-client/src/runtime/my';

/**
 * The part of Tiki's `my` that the SDK uses. A Tini App's global `my` fits. Without getAuthCode,
 * because the app does the exchange itself.
 */
export interface My extends Omit<ClientMy, 'getAuthCode'> {
  readonly removeStorage: ClientMy['setStorage'];
}

/** What `callMy` needs: `my` and timers. */
export interface Platform extends Pick<Context, 'setTimeout' | 'clearTimeout'> {
  readonly my: My;
}
