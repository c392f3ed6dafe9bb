import type { TikiFirebase } from 'tiki-firebase-client';
import type { Language } from './language';

/**
 * Opens the web pages in a tab, as a Tini App opens them in its `<web-view>`: the page announces itself
 * to this one, and gets a code for the user of this session.
 *
 * @param webOrigin Of the web pages.
 */
export function openWebPages(firebase: TikiFirebase, webOrigin: string, language: Language): void {
  const opened = window.open(`${webOrigin}/?from=app&lang=${language}`);
  // Blocked by the browser.
  if (opened === null) return;
  const answer = firebase.handOver(
    {
      postMessage: (message) => {
        opened.postMessage(message, webOrigin);
      },
    },
    { origins: [webOrigin] },
  );
  window.addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source !== opened || origin !== webOrigin) return;
    answer({ detail: { data } }).catch((error: unknown) => {
      // The web page says that nobody could be signed in.
      console.warn(error);
    });
  });
}
