/* global Page */
import { attempt } from '../../attempt';
import { firebase } from '../../firebase';

/** Each user has one, where the security rules let nobody else read it. */
async function notePath() {
  // Waits for the stored session, and throws if nobody is logged in.
  await firebase.getIdToken();
  const { currentUser: user } = firebase;
  return `users/${user ? user.uid : ''}/notes/first`;
}

Page({
  data: { text: '', savedAt: '', isBusy: false, message: '' },

  onLoad() {
    return attempt(this, async () => {
      const note = await firebase.firestore().get(await notePath());
      if (note) this.setData({ text: note.data.text, savedAt: note.updateTime.toString() });
    });
  },

  onInput(event) {
    this.setData({ text: event.detail.value });
  },

  onSave() {
    return attempt(this, async () => {
      const savedAt = new Date();
      await firebase.firestore().set(await notePath(), { text: this.data.text, savedAt });
      this.setData({ savedAt: savedAt.toString() });
    });
  },
});
