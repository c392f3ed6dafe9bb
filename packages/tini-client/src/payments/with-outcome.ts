import { type Connection } from '../connection';
import { type PurchaseOutcome, type TikiFirebaseError } from '../errors';
import { merge } from '../merge';

/** Adds to a failure whether the purchase is done, as of when it failed. */
export async function withOutcome<T>(
  { failWith }: Connection,
  outcome: () => PurchaseOutcome,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const { code, extras } = error as Partial<TikiFirebaseError>;
    // Any other error is not of the client.
    if (!code || !extras) throw error;
    return failWith(code, merge({ outcome: outcome() }, extras));
  }
}
