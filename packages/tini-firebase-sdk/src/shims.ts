// What the SDK expects of its surroundings and the Tini runtime lacks. esbuild puts these in place
// of the global names, in the SDK's sources as in ours: nothing here touches a global.
import { decodeBase64, encodeBase64 } from 'tiki-firebase-client/runtime';
import { fetch } from './gateway-fetch';

export { fetch };

/** Where the SDK looks for what a browser or a worker would give it. */
export const self = { fetch };

/** The SDK asks whether things are functions; the runtime hides the name. */
export const Function = (() => undefined).constructor;

/** Firestore looks at the host of its own address, and at nothing else. */
export class URL {
  readonly host: string;
  readonly hostname: string;

  constructor(url: string) {
    const [, host = ''] = /^https?:\/\/([^/?#]+)/.exec(url) ?? [];
    this.host = host;
    this.hostname = host.replace(/:\d+$/, '');
  }
}

/** Text of base64 to a string of one character a byte. */
export function atob(text: string): string {
  return decodeBase64(text.replace(/=+$/, ''))
    .map((byte) => String.fromCharCode(byte))
    .join('');
}

/** The reverse. */
export function btoa(bytes: string): string {
  return encodeBase64(Array.from(bytes, (char) => char.charCodeAt(0)));
}
