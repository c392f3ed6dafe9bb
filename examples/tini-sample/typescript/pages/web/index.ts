import { TikiFirebaseError } from 'tiki-firebase-client';
import type { AnswerWebView } from 'tiki-firebase-client/hand-over';
import { WEB_URL } from '../../config';
import { firebase } from '../../firebase';

interface Custom {
  answer?: AnswerWebView;
  onMessage(event: unknown): Promise<void>;
}

Page<{ url: string }, Custom>({
  data: { url: WEB_URL },

  onLoad() {
    this.answer = firebase.handOver(my.createWebViewContext('web'));
  },

  /** A message of the web page, perhaps the announcement that it can continue the user's session. */
  async onMessage(event) {
    try {
      await this.answer?.(event);
    } catch (error) {
      // The page works without a user too, and announces itself again.
      console.warn(
        `No hand-over: ${error instanceof TikiFirebaseError ? error.code : String(error)}`,
      );
    }
  },
});
