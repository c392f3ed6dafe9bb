import { within } from '../clock';

/** For one token, in ms; a new process loads the library first. */
const TIMEOUT_MS = 5_000;

type AuthLibrary = typeof import('google-auth-library');

/** Not part of what a login loads. */
export const loadAuthLibrary = (): Promise<AuthLibrary> => import('google-auth-library');

/** For each client of the library: closes the connection too, whose answer nobody waits for any more. */
export const TRANSPORT = { timeout: TIMEOUT_MS } as const;

/**
 * Uses google-auth-library once, within a bound that its own calls do not have. Callers make a new
 * client each time: the library's clients keep a call that hangs, and share it with all later
 * callers. What they would cache is kept in credentials.ts.
 *
 * @throws TimeUp, or what the library throws. Its messages may quote a key: they are not for the log.
 */
export async function withLibrary<T>(work: (library: AuthLibrary) => Promise<T>): Promise<T> {
  const library = await loadAuthLibrary();
  return within(TIMEOUT_MS, work(library));
}
