/* global Page */
import { attempt } from '../../attempt';
import { firebase } from '../../firebase';

Page({
  data: { title: '', body: '', why: '', isBusy: false, message: '' },

  onLoad() {
    return attempt(this, async () => {
      // The claims may be an hour old: somebody who has just paid should not have to wait.
      if (!firebase.isPremium()) await firebase.getIdToken({ forceRefresh: true });
      if (!firebase.isPremium()) {
        this.setData({ why: 'Nội dung này dành cho tài khoản Premium.' });
        return;
      }
      // What isPremium() says decides what is shown; what is allowed, the security rules decide.
      const page = await firebase.firestore().get('premiumContent/welcome');
      if (page) this.setData({ title: page.data.title, body: page.data.body });
      else this.setData({ why: 'Chưa có nội dung.' });
    });
  },
});
