/* global Page, my */
import { attempt } from '../../attempt';
import { formatDate } from '../../dates';
import { firebase } from '../../firebase';

/** @param ms A claim in epoch ms. */
const dateOf = (ms) => formatDate(new Date(Number(ms)));

Page({
  data: {
    isReady: false,
    isLoggedIn: false,
    name: '',
    uid: '',
    premium: '',
    isBusy: false,
    message: '',
  },

  onLoad() {
    this.stopListening = firebase.onAuthStateChanged(() => this.render());
  },

  onUnload() {
    this.stopListening();
  },

  render() {
    const { currentUser: user, claims } = firebase;
    const isPremium = firebase.isPremium();
    this.setData({
      isReady: true,
      isLoggedIn: user !== null,
      name: user ? user.customer.name : '',
      uid: user ? user.uid : '',
      premium: isPremium && claims ? `Premium đến ${dateOf(claims.premiumUntil)}` : 'Miễn phí',
    });
  },

  onLogIn() {
    return attempt(this, () => firebase.signIn());
  },

  onLogOut() {
    return attempt(this, () => firebase.signOut());
  },

  /** For use after a purchase: a new token has the new claims. */
  onRefresh() {
    return attempt(this, async () => {
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
});
