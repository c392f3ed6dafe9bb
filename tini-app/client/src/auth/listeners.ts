import { type User } from './session';

export type UserListener = (user: User | null) => void;

/** Tells each listener who is logged in: first when that is known, then whenever it changes. */
export function createListeners() {
  let listeners: readonly UserListener[] = [];
  /** Undefined until the stored session has been looked at. */
  let user: User | null | undefined;

  const tell = (listener: UserListener) => {
    // In a turn of its own: what a listener throws is nobody else's failure.
    if (user !== undefined) void Promise.resolve(user).then(listener);
  };

  return {
    notify(changed: User | null): void {
      if (changed === user) return;
      user = changed;
      listeners.forEach(tell);
    },
    /** Gives the function that removes it again. */
    add: (listener: UserListener): (() => void) => {
      listeners = listeners.concat(listener);
      tell(listener);
      return () => {
        listeners = listeners.filter((other) => other !== listener);
      };
    },
  };
}
