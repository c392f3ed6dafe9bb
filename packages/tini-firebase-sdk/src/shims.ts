// Globals that the SDK needs and the Tini runtime lacks. esbuild replaces the global names by these
// in the SDK's sources and in ours; no global is changed.
import { decodeBase64, encodeBase64 } from 'tiki-firebase-client/runtime';
import { fetch } from './gateway-fetch';

export { fetch };

/** The global object in which the SDK looks for browser or worker APIs. */
export const self = { fetch };

/** The SDK uses `instanceof Function`; the runtime hides the name. */
export const Function = (() => undefined).constructor;

/** Firestore only reads the host of its own address. */
export class URL {
  readonly host: string;
  readonly hostname: string;

  constructor(url: string) {
    const [, host = ''] = /^https?:\/\/([^/?#]+)/.exec(url) ?? [];
    this.host = host;
    this.hostname = host.replace(/:\d+$/, '');
  }
}

/** Decodes base64 to a string with one character per byte. */
export function atob(text: string): string {
  return decodeBase64(text.replace(/=+$/, ''))
    .map((byte) => String.fromCharCode(byte))
    .join('');
}

/** The inverse of `atob`. */
export function btoa(bytes: string): string {
  return encodeBase64(Array.from(bytes, (char) => char.charCodeAt(0)));
}
