/* global Page */
import { firebase } from '../../firebase';
import { showPersonal } from '../../personal';

const EMPTY = { title: '', body: '', why: '' };

async function readContent() {
  // The claims may be an hour old: somebody who has just paid should not have to wait.
  if (!firebase.isPremium()) await firebase.getIdToken({ forceRefresh: true });
  if (!firebase.isPremium()) return { why: 'Nội dung này dành cho tài khoản Premium.' };
  // What isPremium() says decides what is shown; what is allowed, the security rules decide.
  const page = await firebase.firestore().get('premiumContent/welcome');
  return page ? { title: page.data.title, body: page.data.body } : { why: 'Chưa có nội dung.' };
}

Page({
  data: { uid: '', title: '', body: '', why: '', isReading: true, isLoaded: false, message: '' },

  onLoad() {
    this.content = showPersonal(this, EMPTY, readContent);
  },

  onUnload() {
    this.content.stop();
  },

  onReload() {
    return this.content.reload();
  },
});
