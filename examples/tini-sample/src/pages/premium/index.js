/* global Page, my */
import { firebase } from '../../firebase';
import { OFFER } from '../../offer';
import { NOBODY, showPersonal } from '../../personal';

const EMPTY = { title: '', body: '', why: '', isOffered: false };

async function readContent() {
  // The claims may be an hour old: refresh them for a user who has just paid.
  if (!firebase.isPremium()) await firebase.getIdToken({ forceRefresh: true });
  if (!firebase.isPremium()) {
    return { why: 'Nội dung này dành cho tài khoản Premium.', isOffered: true };
  }
  // isPremium() only decides what is shown; security rules decide what is allowed.
  const page = await firebase.firestore().get('premiumContent/welcome');
  return page ? { title: page.data.title, body: page.data.body } : { why: 'Chưa có nội dung.' };
}

Page({
  data: Object.assign({ offer: OFFER, message: '' }, EMPTY, NOBODY),

  onLoad() {
    this.content = showPersonal(this, EMPTY, readContent);
  },

  /** The user is back from the shop, and premium now. */
  onShow() {
    if (this.data.isOffered && firebase.isPremium()) return this.content.reload();
  },

  onUnload() {
    this.content.stop();
  },

  onOpenShop() {
    my.navigateTo({ url: 'pages/shop/index' });
  },

  onReload() {
    return this.content.reload();
  },
});
