import {
  type Answer,
  type Call,
  type FakeRequest,
  jsonAnswer,
  startLoopbackFake,
} from '@tiki-bridge/testing/google/loopback-fake';
import { answerOfTiki, startTiki } from './tiki';

/** The doctor's access token; Google's fakes accept no other. */
export const ACCESS_TOKEN = 'ya29.test-access-token';
export const TIKI_HOST = 'api.tiki.vn';

/** Replaces the Host header, which fetch does not allow to set. */
const ASKED_HOST = 'x-asked-host';

export const html = (status: number, title: string): Answer => ({
  status,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: `<!DOCTYPE html><html><title>${title}</title></html>`,
});

/** Answers by `METHOD host/path`, without the query. */
export type Routes = Readonly<Record<string, Answer | 'hang'>>;

export interface Internet {
  /** For MAP_HOSTS. */
  readonly address: string;
  readonly calls: readonly Call[];
  /** Changes the answers of some routes. */
  readonly set: (routes: Routes) => void;
  /** A `fetch` that sends every request here. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly close: () => Promise<void>;
}

export interface InternetOptions {
  readonly routes: Routes;
  readonly tls?: { readonly keyPem: string; readonly certPem: string };
  /** Tiki's clock, epoch milliseconds. */
  readonly tikiNow: () => number;
}

const NEVER = new Promise<Answer>(() => undefined);

/** Token endpoints, asked without a token: for key files and for a person's login. */
const TOKEN_HOSTS = ['www.googleapis.com', 'oauth2.googleapis.com'];

function isGoogle(host: string): boolean {
  return host.endsWith('.googleapis.com') && !TOKEN_HOSTS.includes(host);
}

/** All servers of the doctor on one loopback socket: Google, Tiki, Hosting, the function. */
export async function startInternet(options: InternetOptions): Promise<Internet> {
  const tiki = await startTiki(options.tikiNow);
  let routes = options.routes;

  function answer({ method, url, headers, body }: FakeRequest): Answer | Promise<Answer> {
    const asked = headers[ASKED_HOST];
    const host = typeof asked === 'string' ? asked : url.hostname;
    if (isGoogle(host) && headers.authorization !== `Bearer ${ACCESS_TOKEN}`) {
      return jsonAnswer(401, { error: { code: 401, status: 'UNAUTHENTICATED', message: 'no' } });
    }
    const route = routes[`${method} ${host}${url.pathname}`];
    if (route === 'hang') return NEVER;
    if (route) return route;
    if (host === TIKI_HOST) return answerOfTiki(tiki, { method, url, headers, body });
    if (!isGoogle(host)) return html(404, 'Page Not Found');
    return jsonAnswer(404, { error: { code: 404, status: 'NOT_FOUND', message: 'not found' } });
  }

  const fake = await startLoopbackFake<never>({
    answer,
    ...(options.tls && { tls: options.tls }),
  });
  return {
    address: fake.address,
    calls: fake.calls,
    set: (changed) => {
      routes = { ...routes, ...changed };
    },
    fetch: (url, init) => {
      const { host, pathname, search } = new URL(url);
      // The bound applies to hanging routes only, so that a busy machine fails no other.
      const hangs = routes[`${init.method ?? 'GET'} ${host}${pathname}`] === 'hang';
      const signal = hangs ? (init.signal ?? null) : null;
      const headers = new Headers(init.headers);
      headers.set(ASKED_HOST, host);
      return fetch(`http://${fake.address}${pathname}${search}`, { ...init, headers, signal });
    },
    close: async () => {
      await Promise.all([fake.close(), tiki.close()]);
    },
  };
}
