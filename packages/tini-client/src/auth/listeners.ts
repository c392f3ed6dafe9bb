import { type User } from './session';

export type UserListener = (user: User | null) => void;

/** Calls each listener with the user as soon as it is known, then on every change. */
export function createListeners() {
  const callbacks = new Set<() => void>();
  /** Undefined while unknown. */
  let user: User | null | undefined;

  return {
    notify(changed?: User | null): void {
      user = changed;
      for (const callback of callbacks) callback();
    },
    /** Returns the unsubscribe function. */
    listen: (listener: UserListener): (() => void) => {
      let delivered: typeof user;
      const callback = () => {
        // Asynchronous, so that a throwing listener affects no other. By then it may have been
        // removed, or the user may have changed.
        void Promise.resolve().then(() => {
          if (callbacks.has(callback) && user !== undefined && user !== delivered)
            listener((delivered = user));
        });
      };
      callbacks.add(callback);
      callback();
      return () => callbacks.delete(callback);
    },
  };
}
