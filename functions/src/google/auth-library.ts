import { within } from '../clock';

type AuthLibrary = typeof import('google-auth-library');

/** Not part of what a login loads. */
export const loadAuthLibrary = (): Promise<AuthLibrary> => import('google-auth-library');

/** google-auth-library, whose calls have no bound of their own. */
export interface BoundedLibrary {
  /** For each of its clients: closes the connection too, whose answer nobody waits for any more. */
  readonly transport: { readonly timeout: number };
  /**
   * Uses it once, within the bound. Callers make a new client each time: the library's clients keep a
   * call that hangs, and share it with all later callers. What they would cache is kept in
   * credentials.ts.
   *
   * @throws TimeUp, or what the library throws. Its messages may quote a key: they are not for the log.
   */
  readonly use: <T>(work: (library: AuthLibrary) => Promise<T>) => Promise<T>;
}

/** @param timeoutMs For one token. */
export function boundedLibrary(timeoutMs: number): BoundedLibrary {
  return {
    transport: { timeout: timeoutMs },
    use: async (work) => within(timeoutMs, work(await loadAuthLibrary())),
  };
}
