import { type User } from '../auth/session';
import { type Connection } from '../connection';
import { ENDING, type ErrorCode, type TikiFirebaseError } from '../errors';
import { ask } from './ask';
import { type Order, orderIn } from './order';

/** After these, no later look can succeed. */
const LOST: readonly ErrorCode[] = [
  ...ENDING,
  'user-changed',
  'user-unknown',
  'not-signed-in',
  'not-found',
];

/** The longest pause that the server is given, in s. */
const LONGEST_RETRY_AFTER_S = 30;

export const pause = ({ setTimeout }: Connection, ms: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Reads an order at the bridge until `isKnown`: once after each pause, in ms. Pauses are counted, not
 * timed, because an app in the background gets no time and would come back to a deadline that has
 * passed.
 *
 * @returns The order as last read. Rejects if the last look failed.
 */
export async function look(
  connection: Connection,
  { user, order }: { readonly user: User; readonly order: Order },
  pauses: readonly number[],
  isKnown: (order: Order) => boolean,
): Promise<Order> {
  const { reference } = order;
  let last = order;
  let failure: TikiFirebaseError | undefined;
  for (const ms of pauses) {
    const { retryAfter = 0 } = failure ? failure.extras : {};
    await pause(connection, Math.max(ms, Math.min(retryAfter, LONGEST_RETRY_AFTER_S) * 1000));
    try {
      last = await ask(connection, user, { url: `/orders/${reference}` }, orderIn({ reference }));
      if (isKnown(last)) return last;
      failure = undefined;
    } catch (error) {
      // ask throws nothing else.
      failure = error as TikiFirebaseError;
      if (LOST.indexOf(failure.code) >= 0) break;
    }
  }
  if (failure) throw failure;
  return last;
}
