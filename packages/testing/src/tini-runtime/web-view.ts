import type { Border } from './my';
import type { Phone } from './phone';

/** `<web-view id src onMessage>` of a page. */
export interface WebViewElement {
  readonly id: string;
  readonly src: string;
  /** The page's handler; gets `{detail: {data}}` or `{detail}`. */
  readonly onMessage: (event: unknown) => unknown;
}

/** The part of a browser's window that Tiki's app adds to, or calls. */
export interface WebViewWindow {
  readonly location: URL;
  readonly document: EventTarget;
  /** Exists from `TiniAppJSBridgeReady` on; there is no `getAuthCode` in it. */
  my?: { readonly postMessage: (message: unknown) => void };
  /** Only this property is documented: listeners for `message` may not be called. */
  onmessage: ((event: { readonly data: unknown }) => unknown) | null;
}

export interface WebView {
  readonly window: WebViewWindow;
  /** Adds `window.my` and dispatches `TiniAppJSBridgeReady` on the document. */
  readonly ready: () => void;
  /** The user leaves the page: messages no longer arrive, in either direction. */
  readonly close: () => void;
}

export interface WebViews {
  /** `my.createWebViewContext`. */
  readonly createWebViewContext: (id: unknown) => {
    readonly postMessage: (message: unknown) => void;
  };
  /** Loads a page in a web-view, in place of the one that has this id. */
  readonly openWebView: (element: WebViewElement) => WebView;
}

/** Both directions take objects only, and copy them as JSON. */
function requireObject(message: unknown): void {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    throw new TypeError('postMessage takes an object');
  }
}

const later = (call: () => unknown) => {
  setImmediate(call);
};

/** The web-views of one opened mini program. */
export function createWebViews(phone: Phone, border: Border): WebViews {
  const opened = new Map<string, WebView>();

  return {
    createWebViewContext(id) {
      if (typeof id !== 'string' || id === '')
        throw new TypeError('createWebViewContext takes an id');
      return {
        postMessage(message) {
          requireObject(message);
          const data = border.toPhone(message);
          // A message to a page that is not there is lost.
          later(() => opened.get(id)?.window.onmessage?.({ data }));
        },
      };
    },
    openWebView({ id, src, onMessage }) {
      const location = new URL(src);
      if (!phone.domains.includes(location.origin)) {
        throw new Error(`${location.origin} is not registered, so it opens in no web-view`);
      }
      const window: WebViewWindow = { location, document: new EventTarget(), onmessage: null };
      const webView: WebView = {
        window,
        ready() {
          window.my = {
            postMessage(message) {
              requireObject(message);
              const data = border.toPhone(message);
              const detail = phone.webViewDetail === 'data' ? { data } : data;
              later(() => {
                if (opened.get(id) === webView) onMessage(border.toApp({ detail }));
              });
            },
          };
          window.document.dispatchEvent(new Event('TiniAppJSBridgeReady'));
        },
        close() {
          if (opened.get(id) === webView) opened.delete(id);
        },
      };
      opened.set(id, webView);
      return webView;
    },
  };
}
