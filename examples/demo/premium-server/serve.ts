import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ENTITLEMENT_ERRORS, EntitlementError } from '../../../functions/src/operator';
import { isLoopbackHost } from '@tiki-bridge/tiki-simulator/loopback';
import { readBody } from '@tiki-bridge/tiki-simulator/read-body';
import { PREMIUM_STEPS } from './protocol';
import type { Steps } from './steps';

const LARGEST_BODY = 4 * 1024;

interface Answer {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Both forms of Hosting's address, which are different origins for a browser. */
function originsOf(hostingOrigin: string): readonly string[] {
  const { port } = new URL(hostingOrigin);
  return ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${port}`);
}

/**
 * Makes any user premium, so it only serves the demo page and programs of this machine: the Host
 * header detects DNS rebinding, the Origin header detects pages of other sites.
 */
export function createPremiumServer(steps: Steps, hostingOrigin: string): Server {
  const pages = originsOf(hostingOrigin);

  async function answerTo(request: IncomingMessage): Promise<Answer> {
    // Read even if the request is refused, so that the connection can be reused.
    const { bytes, tooLarge } = await readBody(request, LARGEST_BODY);
    const { host, origin } = request.headers;
    if (!isLoopbackHost(host)) return refusal(403, 'forbidden', 'Only at 127.0.0.1 and localhost');
    if (origin === undefined) return act(request, bytes, tooLarge);
    if (!pages.includes(origin)) return refusal(403, 'forbidden', 'Only for the demo page');
    const cors = {
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': 'Content-Type',
      Vary: 'Origin',
    };
    const answer = await act(request, bytes, tooLarge);
    return { ...answer, headers: { ...answer.headers, ...cors } };
  }

  async function act(request: IncomingMessage, bytes: Buffer, tooLarge: boolean): Promise<Answer> {
    const { method, url } = request;
    if (url === '/premium/health' && method === 'GET') return { status: 200, body: { ok: true } };
    const step = PREMIUM_STEPS.find((name) => url === `/premium/${name}`);
    if (!step) return refusal(404, 'not-found', 'There is no such step');
    if (method === 'OPTIONS') return { status: 204 };
    if (method !== 'POST') {
      const answer = refusal(405, 'method-not-allowed', 'A step is taken with POST');
      return { ...answer, headers: { Allow: 'POST' } };
    }
    if (tooLarge) return refusal(413, 'payload-too-large', 'The body is too large');
    // Requiring this type forces browsers to send a preflight from any page.
    if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
      return refusal(415, 'unsupported-media-type', 'Content-Type must be application/json');
    }
    const uid = uidIn(bytes);
    if (uid === undefined) return refusal(400, 'invalid-request', 'The body must be {"uid": "…"}');
    try {
      return { status: 200, body: await steps[step](uid) };
    } catch (error) {
      if (!(error instanceof EntitlementError)) throw error;
      return refusal(ENTITLEMENT_ERRORS[error.code].retry ? 503 : 400, error.code, error.message);
    }
  }

  return createServer((request, response) => {
    answerTo(request).then(
      (answer) => {
        send(response, answer);
      },
      (bug: unknown) => {
        console.error(bug);
        send(response, refusal(500, 'internal', 'See the output of npm start'));
      },
    );
  });
}

function uidIn(bytes: Buffer): string | undefined {
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    const uid: unknown =
      typeof json === 'object' && json !== null ? Reflect.get(json, 'uid') : undefined;
    return typeof uid === 'string' ? uid : undefined;
  } catch {
    return undefined;
  }
}

function refusal(status: number, error: string, message: string): Answer {
  return { status, body: { error, message } };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, {
    ...(body && { 'Content-Type': 'application/json; charset=utf-8' }),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  response.end(body && JSON.stringify(body));
}
