import { type Context } from '../runtime/context';
import { type Session, type User } from './session';

export type UserListener = (user: User | null) => void;

/** Calls listeners as soon as it is known whose session it is, then on every change. */
export function createListeners(context: Context) {
  const callbacks = new Set<() => void>();
  /** Null without a user; undefined while unknown. */
  let session: Session | null | undefined;

  /** The function that adds a listener for changes of `part`, and returns the unsubscribe function. */
  const listenTo =
    (part: (session: Session) => unknown) =>
    (listener: UserListener): (() => void) => {
      if (typeof listener !== 'function') {
        context.failWith('invalid-argument', { detail: 'listener' });
      }
      let delivered: unknown;
      const callback = () => {
        // Asynchronous, so that a throwing listener affects no other. By then it may have been
        // removed, or the user may have changed.
        void Promise.resolve().then(() => {
          const changed = session && part(session);
          if (!callbacks.has(callback) || changed === undefined || changed === delivered) return;
          delivered = changed;
          listener(session ? session.user : null);
        });
      };
      callbacks.add(callback);
      callback();
      return () => callbacks.delete(callback);
    };

  return {
    notify: (changed?: Session | null): void => {
      session = changed;
      for (const callback of callbacks) callback();
    },
    onAuthStateChanged: listenTo(({ user }) => user),
    onIdTokenChanged: listenTo(({ idToken }) => idToken),
  };
}
