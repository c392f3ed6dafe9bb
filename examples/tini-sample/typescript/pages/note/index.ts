import { attempt, NO_ATTEMPT } from '../../attempt';
import { formatTime } from '../../dates';
import { firebase } from '../../firebase';
import { NOBODY, showPersonal, type Shown } from '../../personal';

/** What is stored: each user has one note, which the security rules keep private. */
interface Note {
  text: string;
  savedAt: Date;
}

const notePath = (uid: string) => `users/${uid}/notes/first`;

const EMPTY = { text: '', savedAt: '' };

async function readNote(uid: string): Promise<typeof EMPTY> {
  const note = await firebase.firestore().get(notePath(uid));
  if (!note) return EMPTY;
  const { text } = note.data;
  return { text: typeof text === 'string' ? text : '', savedAt: formatTime(note.updateTime) };
}

const DATA = { ...EMPTY, ...NOBODY, ...NO_ATTEMPT };

interface Custom {
  note?: Shown;
  onReload(): Promise<void> | undefined;
  onInput(event: { readonly detail: { readonly value: string } }): void;
  onSave(): Promise<void> | undefined;
}

Page<typeof DATA, Custom>({
  data: DATA,

  onLoad() {
    this.note = showPersonal(this, EMPTY, readNote);
  },

  onUnload() {
    this.note?.stop();
  },

  onReload() {
    return this.note?.reload();
  },

  onInput(event) {
    this.setData({ text: event.detail.value });
  },

  onSave() {
    const { uid, text, isLoaded } = this.data;
    // Never overwrite a note that has not been read.
    if (!isLoaded) return undefined;
    return attempt(this, 'save', async () => {
      const written: Note = { text, savedAt: new Date() };
      await firebase.firestore().set(notePath(uid), written);
      if (this.data.uid === uid) this.setData({ savedAt: formatTime(written.savedAt) });
    });
  },
});
