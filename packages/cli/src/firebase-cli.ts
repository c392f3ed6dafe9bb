import {
  FirebaseCliMissing,
  requireOfFirebaseCli,
} from '@tiki-bridge/testing/emulators/firebase-cli';
import { UsageError } from './usage-error';

/**
 * What only the Firebase CLI's own code can tell.
 *
 * @throws UsageError where it is not installed
 */
export function withFirebaseCli<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof FirebaseCliMissing) throw new UsageError(error.message);
    throw error;
  }
}

export function hasFirebaseCli(): boolean {
  try {
    requireOfFirebaseCli();
    return true;
  } catch {
    return false;
  }
}
