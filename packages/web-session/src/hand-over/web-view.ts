/** Marks our messages among those of the app. */
const HAND_OVER = 'tiki-firebase-hand-over';

/** Between two announcements, in ms. The app may start to listen after the page has loaded. */
const INTERVAL_MS = 1_000;

/** 32 bytes in base64url. */
const CODE = /^[\w-]{43}$/;

/** What Tiki's app gives to a page in a web-view, once `TiniAppJSBridgeReady` has been dispatched. */
interface Bridge {
  postMessage(message: object): void;
}

function bridge(): Bridge | undefined {
  const my: unknown = Reflect.get(window, 'my');
  const isBridge =
    typeof my === 'object' && my !== null && typeof Reflect.get(my, 'postMessage') === 'function';
  // Checked above, as far as it is used.
  return isBridge ? (my as Bridge) : undefined;
}

export const isInWebView = (): boolean => bridge() !== undefined;

/** Tells the app now and again that this page waits for a code. Returns a function that ends that. */
export function announce(challenge: string): () => void {
  const tell = () => {
    bridge()?.postMessage({ type: HAND_OVER, challenge, origin: location.origin });
  };
  tell();
  const timer = setInterval(tell, INTERVAL_MS);
  // Tiki does not document on which object it is dispatched: capturing, the window sees both.
  window.addEventListener('TiniAppJSBridgeReady', tell, true);
  return () => {
    clearInterval(timer);
    window.removeEventListener('TiniAppJSBridgeReady', tell, true);
  };
}

/** The code in a message of the app; undefined for any other message. */
function codeIn(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || Reflect.get(data, 'type') !== HAND_OVER) {
    return undefined;
  }
  const code: unknown = Reflect.get(data, 'code');
  return typeof code === 'string' && CODE.test(code) ? code : undefined;
}

/**
 * Calls `onCode` with every code that arrives. Assigns `window.onmessage`, which is what Tiki documents;
 * the page's own handler is called as well. Returns a function that ends that.
 *
 * A frame or another window can send codes too. That gains nothing: the bridge only accepts one that
 * was made for this page's challenge.
 */
export function listen(onCode: (code: string) => void): () => void {
  const before = window.onmessage;
  const handler = (event: MessageEvent): void => {
    const code = codeIn(event.data);
    if (code === undefined) before?.call(window, event);
    else onCode(code);
  };
  window.onmessage = handler;
  return () => {
    if (window.onmessage === handler) window.onmessage = before;
  };
}
