// Only in npm start: Tiki's part of a web-view, played by the page that opened this one. In Tiki's app,
// the app itself adds `window.my`.
import { elementById } from './elements';

interface WebViewWindow {
  my?: { readonly postMessage: (message: unknown) => void };
}

const origin = elementById('sign-in').dataset['tiniApp'];
// Null where nobody opened this page.
const opener = window.opener as Window | null;

if (opener !== null && origin !== undefined && origin !== '') {
  (window as WebViewWindow).my = {
    postMessage: (message) => {
      opener.postMessage(message, origin);
    },
  };
  document.dispatchEvent(new Event('TiniAppJSBridgeReady'));
}
