import type { Context, My as ClientMy } from 'tiki-firebase-client/runtime';

/**
 * The part of Tiki's `my` that the SDK uses. A Tini App's global `my` fits. Without getAuthCode,
 * because the app does the exchange itself.
 */
export type My = Omit<ClientMy, 'getAuthCode'>;

/** What `callMy` needs: `my` and timers. */
export interface Platform extends Pick<Context, 'setTimeout' | 'clearTimeout'> {
  readonly my: My;
}
