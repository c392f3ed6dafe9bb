/* global Page */
import { attempt } from '../../attempt';
import { formatTime } from '../../dates';
import { firebase } from '../../firebase';
import { NOBODY, showPersonal } from '../../personal';

/** Each user has one note, which the security rules keep private. */
const notePath = (uid) => `users/${uid}/notes/first`;

const EMPTY = { text: '', savedAt: '' };

async function readNote(uid) {
  const note = await firebase.firestore().get(notePath(uid));
  return note ? { text: note.data.text, savedAt: formatTime(note.updateTime) } : EMPTY;
}

Page({
  data: Object.assign({}, EMPTY, NOBODY, { isBusy: false, message: '' }),

  onLoad() {
    this.note = showPersonal(this, EMPTY, readNote);
  },

  onUnload() {
    this.note.stop();
  },

  onReload() {
    return this.note.reload();
  },

  onInput(event) {
    this.setData({ text: event.detail.value });
  },

  onSave() {
    const { uid, text, isLoaded } = this.data;
    // Never overwrite a note that has not been read.
    if (!isLoaded) return undefined;
    return attempt(this, 'save', async () => {
      const savedAt = new Date();
      await firebase.firestore().set(notePath(uid), { text, savedAt });
      if (this.data.uid === uid) this.setData({ savedAt: formatTime(savedAt) });
    });
  },
});
