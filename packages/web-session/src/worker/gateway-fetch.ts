import { PREFIX } from './path-prefix';

/** Google's hosts that the Auth SDK calls, and the gateway's paths for them on the site's own origin. */
const SERVED: Readonly<Partial<Record<string, string>>> = {
  'identitytoolkit.googleapis.com': '/identitytoolkit',
  'securetoken.googleapis.com': '/securetoken',
};

/**
 * What the Auth SDK calls in place of `fetch` (see build.mjs). The query is dropped: it only contains
 * the API key, and the gateway has the project's own.
 *
 * @throws TypeError also when nothing was decided about the user: the SDK ends the session for every
 * error but those of the network, so a busy or broken gateway would sign everybody out. Identity
 * Toolkit and Secure Token report invalid credentials with status 400.
 */
export async function gatewayFetch(url: string, init: RequestInit): Promise<Response> {
  const { host, pathname } = new URL(url);
  const served = SERVED[host];
  if (served === undefined) throw new TypeError(`not served by the gateway: ${host}`);
  const response = await fetch(PREFIX + served + pathname, init);
  if (!response.ok && response.status !== 400) {
    throw new TypeError(`the gateway answered with status ${response.status}`);
  }
  return response;
}
