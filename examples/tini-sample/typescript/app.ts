import { firebase } from './firebase';

App({
  onShow() {
    // Another customer may have logged in to Tiki while the app was in the background.
    return firebase.resume();
  },
});
