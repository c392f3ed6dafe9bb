import { messageOf } from './attempt';
import { firebase } from './firebase';

/**
 * Fills a page with what belongs to one user. Somebody else may be there a moment later: then the
 * page is emptied before anything else happens, so that nobody sees or saves what was another's.
 *
 * The page's data gets `uid` (whose it is; empty: nobody's), `isReading`, `isLoaded` (only what has
 * been read may be written back) and `message`.
 *
 * @param page The Tini App page.
 * @param empty What the page shows of nobody: all fields that `read` gives.
 * @param read Reads, for a uid, what is to be shown.
 * @returns `reload()` for another try, and `stop()` for `onUnload`.
 */
export function showPersonal(page, empty, read) {
  let newest;

  async function reload() {
    const reading = {};
    newest = reading;
    page.setData(
      Object.assign({}, empty, { uid: '', isReading: true, isLoaded: false, message: '' }),
    );
    let result;
    try {
      // Waits until it is known who is there, and says why where nobody is.
      await firebase.getIdToken();
      const { currentUser: user } = firebase;
      // Gone again already: the listener below has been told.
      if (!user) return;
      const { uid } = user;
      result = Object.assign({ uid, isLoaded: true }, await read(uid));
    } catch (error) {
      result = { message: messageOf(error) };
    }
    // An answer that comes after the user has changed, or left the page, is nobody's any more.
    if (reading === newest) page.setData(Object.assign(result, { isReading: false }));
  }

  const stopListening = firebase.onAuthStateChanged((user) => {
    // The same user is back, from the background for instance: what they were writing stays.
    if (page.data.isLoaded && user && user.uid === page.data.uid) return;
    reload();
  });
  return {
    reload,
    stop() {
      newest = undefined;
      stopListening();
    },
  };
}
