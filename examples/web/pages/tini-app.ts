// Only in npm start: Tiki's part of a web-view, played by the page that opened this one. In Tiki's app,
// the app itself adds `window.my` and delivers the messages.
import { elementById } from './elements';

interface WebViewWindow {
  my?: { readonly postMessage: (message: unknown) => void };
}

const origin = elementById('sign-in').dataset['tiniApp'];
// Severed where nobody opened this page, or its opener is gone.
const opener = window.opener as Window | null;

if (opener !== null && origin !== undefined && origin !== '') {
  // Before the page's own listener, which is to get the message as Tiki's app would deliver it.
  window.addEventListener('message', (event) => {
    if (event.source !== opener || event.origin !== origin) return;
    event.stopImmediatePropagation();
    window.dispatchEvent(new MessageEvent('message', { data: event.data as unknown }));
  });
  (window as WebViewWindow).my = {
    postMessage: (message) => {
      opener.postMessage(message, origin);
    },
  };
  document.dispatchEvent(new Event('TiniAppJSBridgeReady'));
}
