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
   * Without a session, erases the stored one by overwriting it, which needs no further function of
   * the runtime. The outcome is not `ok` if storage does not work.
   */
  readonly save: (session?: Session) => Promise<Outcome>;
}

/** The session in `my` storage, which is per app, not per Tiki user. */
export function createSessionStorage(context: Context): SessionStorage {
  const key = `tiki-firebase-${context.projectId}`;
  let last: Promise<unknown> = Promise.resolve();
  /** The value that storage must end up with. */
  let newest: string | undefined;

  // Serialized, so that a slow save cannot overwrite a later erasure.
  function call(name: 'getStorage' | 'setStorage', data?: string): Promise<Outcome> {
    const complete = () => {
      // It completed after its timeout and has overwritten a newer value.
      if (data !== newest) void call('setStorage', newest);
    };
    const outcome = last.then(() => callMy(context, name, { key, data, complete }, Wait.Ms));
    last = outcome;
    return outcome;
  }

  return {
    // A missing key may be reported as a success without data.
    load: async () => sessionOf(parseJson(fieldsOf((await call('getStorage')).given)['data'])),
    save: (session) => call('setStorage', (newest = session ? JSON.stringify(session) : '-')),
  };
}
