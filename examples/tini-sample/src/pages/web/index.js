/* global Page, my */
import { WEB_URL } from '../../config';
import { firebase } from '../../firebase';

Page({
  data: { url: WEB_URL },

  onLoad() {
    this.answer = firebase.handOver(my.createWebViewContext('web'));
  },

  /** A message of the web page, perhaps the announcement that it can continue the user's session. */
  onMessage(event) {
    return this.answer(event).catch((error) => {
      // The page works without a user too, and announces itself again.
      console.warn(`No hand-over: ${error.code}`);
    });
  },
});
