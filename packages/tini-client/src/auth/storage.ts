import { fieldsOf, parseJson } from '../runtime/answer';
import { callMy, type Outcome } from '../runtime/call-my';
import { type Context } from '../runtime/context';
import { type Session, sessionOf } from './session';

const enum Wait {
  Ms = 5_000,
}

export interface SessionStorage {
  readonly load: () => Promise<Session | undefined>;
  /**
   * Nothing in place of a session erases it: overwriting needs nothing of the runtime that saving
   * did not need. The outcome is not `ok` where nothing can be kept.
   */
  readonly save: (session?: Session) => Promise<Outcome>;
}

/** The session in `my` storage, which belongs to the app and not to the Tiki user. */
export function createSessionStorage(context: Context): SessionStorage {
  const key = `tiki-firebase-${context.projectId}`;
  let last: Promise<unknown> = Promise.resolve();
  /** What is to be in storage in the end. */
  let newest: string | undefined;

  // One after the other: a slow save must not end up behind the erasure that followed it.
  function call(name: 'getStorage' | 'setStorage', data?: string): Promise<Outcome> {
    const complete = () => {
      // So slow that it was not waited for, it has replaced what came after it.
      if (data !== newest) void call('setStorage', newest);
    };
    const outcome = last.then(() => callMy(context, name, { key, data, complete }, Wait.Ms));
    last = outcome;
    return outcome;
  }

  return {
    // A missing key may be a success without data.
    load: async () => sessionOf(parseJson(fieldsOf((await call('getStorage')).given)['data'])),
    save: (session) => call('setStorage', (newest = session ? JSON.stringify(session) : '-')),
  };
}
