import { InvalidInput, openFields } from '../fields';
import { isLoopbackHost } from '../loopback';

/** Notifications carry the signature of a secret, so they stay on this machine. */
export function parseIpnUrl(text: string): string {
  if (!URL.canParse(text)) throw new InvalidInput('the IPN URL must be a URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' || !isLoopbackHost(url.host)) {
    throw new InvalidInput(
      'the IPN URL must be one of this machine: http://127.0.0.1:5002/tiki_ipn',
    );
  }
  return url.href;
}

/** Parses `{url}`; throws `InvalidInput`. */
export function parseIpnUrlRequest(input: unknown): string {
  const fields = openFields(input, 'the request');
  const url = parseIpnUrl(fields.text('url'));
  fields.noOthers();
  return url;
}
