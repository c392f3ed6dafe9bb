/* global Page, my */
import { attempt } from '../../attempt';
import { avatarOf } from '../../avatar';
import { formatDate } from '../../dates';
import { firebase } from '../../firebase';

/** Shown without a picture. Vietnamese given names come last. */
const initialOf = (name) => name.trim().replace(/.*\s/, '').charAt(0).toUpperCase() || '?';

/** @param ms A claim in epoch ms. */
const dateOf = (ms) => formatDate(new Date(Number(ms)));

Page({
  data: {
    isReady: false,
    isLoggedIn: false,
    name: '',
    initial: '',
    avatar: '',
    uid: '',
    premium: '',
    isBusy: false,
    action: '',
    message: '',
  },

  onLoad() {
    this.stopListening = firebase.onAuthStateChanged((user) => {
      // Nothing of the previous user stays.
      this.setData({ avatar: '', message: '' });
      this.render();
      if (user) return this.showAvatar(user);
    });
  },

  /** The user is back from another page: premium may have been bought there. */
  onShow() {
    if (this.data.isReady) this.render();
  },

  onUnload() {
    this.stopListening();
  },

  render() {
    const { currentUser: user, claims } = firebase;
    const isPremium = firebase.isPremium();
    const name = user ? user.customer.name : '';
    this.setData({
      isReady: true,
      isLoggedIn: user !== null,
      name,
      initial: initialOf(name),
      uid: user ? user.uid : '',
      premium: isPremium && claims ? `Premium đến ${dateOf(claims.premiumUntil)}` : 'Miễn phí',
    });
  },

  async showAvatar(user) {
    const avatar = await avatarOf(user);
    if (this.data.uid === user.uid) this.setData({ avatar });
  },

  onLogIn() {
    return attempt(this, 'logIn', () => firebase.signIn());
  },

  onLogOut() {
    return attempt(this, 'logOut', () => firebase.signOut());
  },

  /** For use after a purchase: a new token has the new claims. */
  onRefresh() {
    return attempt(this, 'refresh', async () => {
      await firebase.getIdToken({ forceRefresh: true });
      this.render();
    });
  },

  onOpenNote() {
    my.navigateTo({ url: 'pages/note/index' });
  },

  onOpenPremium() {
    my.navigateTo({ url: 'pages/premium/index' });
  },

  onOpenShop() {
    my.navigateTo({ url: 'pages/shop/index' });
  },

  onOpenWeb() {
    my.navigateTo({ url: 'pages/web/index' });
  },
});
