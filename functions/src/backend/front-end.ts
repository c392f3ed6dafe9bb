import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** @see https://cloud.google.com/iap/docs/faq */
const isOfProxy = (headers: IncomingHttpHeaders): boolean =>
  headers['x-goog-iap-generated-response'] === 'true';

/** Cloud Run refuses with a page; a service that scripts call answers with JSON. */
const isPage = (headers: IncomingHttpHeaders): boolean =>
  /^text\/html\b/i.test(headers['content-type'] ?? '');

/**
 * Whether Cloud Run or Identity-Aware Proxy did not accept the ID token. The challenge alone says
 * nothing: a service may send it with a 401 of its own (RFC 6750), which is passed on.
 */
export function isRefusedToken({ statusCode, headers }: IncomingMessage): boolean {
  const challenge = headers['www-authenticate'] ?? '';
  const isOfCloudRun = isPage(headers) && /\berror="?invalid_token\b/.test(challenge);
  return statusCode === 401 && (isOfProxy(headers) || isOfCloudRun);
}

/** Whether a 403 may be theirs: a service can have pages too, so it is passed on. */
export function looksForbidden({ statusCode, headers }: IncomingMessage): boolean {
  return statusCode === 403 && (isOfProxy(headers) || isPage(headers));
}
