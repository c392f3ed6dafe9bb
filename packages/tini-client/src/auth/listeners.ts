import { type User } from './session';

export type UserListener = (user: User | null) => void;

/** Tells each listener who is logged in: as soon as that is known, then whenever it changes. */
export function createListeners() {
  const tellAll = new Set<() => void>();
  /** Undefined while it is not known. */
  let user: User | null | undefined;

  return {
    notify(changed?: User | null): void {
      user = changed;
      for (const tell of tellAll) tell();
    },
    /** Gives the function that removes it again. */
    listen: (listener: UserListener): (() => void) => {
      let told: typeof user;
      const tell = () => {
        // In a turn of its own: what a listener throws is nobody else's failure. Whether it is
        // still to be told, and what, may have changed by then.
        void Promise.resolve().then(() => {
          if (tellAll.has(tell) && user !== undefined && user !== told) listener((told = user));
        });
      };
      tellAll.add(tell);
      tell();
      return () => tellAll.delete(tell);
    },
  };
}
