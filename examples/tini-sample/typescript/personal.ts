import { messageOf } from './attempt';
import { firebase } from './firebase';

/** What `showPersonal` keeps in a page's data. */
export interface Personal {
  /** Empty when signed out. */
  uid: string;
  isReading: boolean;
  /** Only data that has been read may be written back. */
  isLoaded: boolean;
  readError: string;
}

/** Before anything is known. */
export const NOBODY: Personal = { uid: '', isReading: true, isLoaded: false, readError: '' };

interface PersonalPage {
  readonly data: Personal;
  setData(changes: object): void;
}

export interface Shown {
  /** Reads again, to retry. */
  reload(): Promise<void>;
  /** For `onUnload`. */
  stop(): void;
}

/**
 * Fills a page with the data of the signed-in user. When the user changes, the page is cleared
 * first, so that no one sees or saves another user's data.
 *
 * @param empty The data of a signed-out page: all fields that `read` returns.
 * @param read Reads the data for a uid.
 */
export function showPersonal<Own extends object>(
  page: PersonalPage,
  empty: Own,
  read: (uid: string) => Promise<Partial<Own>>,
): Shown {
  let newest: object | undefined;

  async function reload(): Promise<void> {
    const reading = {};
    newest = reading;
    page.setData(Object.assign({}, empty, NOBODY, { message: '' }));
    let result: object;
    try {
      // Waits until the user is known, and fails with the reason if signed out.
      await firebase.getIdToken();
      const { currentUser: user } = firebase;
      // Signed out again; the listener below handles that.
      if (!user) return;
      const { uid } = user;
      result = Object.assign({ uid, isLoaded: true }, await read(uid));
    } catch (error) {
      result = { readError: messageOf(error) };
    }
    // Drops a result that arrives after the user has changed or the page was left.
    if (reading === newest) page.setData(Object.assign(result, { isReading: false }));
  }

  const stopListening = firebase.onAuthStateChanged((user) => {
    // The same user returned, for example from the background: keep their input.
    if (page.data.isLoaded && user && user.uid === page.data.uid) return;
    void reload();
  });
  return {
    reload,
    stop() {
      newest = undefined;
      stopListening();
    },
  };
}
