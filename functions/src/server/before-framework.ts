import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { percentDecoded } from '../http/percent-decoded';
import { hideBody } from './unread-bodies';

/** The functions of this package that answer all by themselves; another one may want the framework. */
const OURS: ReadonlySet<string> = new Set(['auth', 'gateway']);

/** The framework answers these, and whatever lies below them. */
const FRAMEWORKS_OWN = /^\/(?:favicon\.ico|robots\.txt)(?:\/|$)/i;
/** Served by none of our functions, so that they answer `not-found`. */
const NOBODYS = '/-';

/**
 * Sees to it that the function answers, and not somebody before it: Express a path that does not
 * decode, the framework two names of its own, Node an expectation that it does not know, which a
 * server need not care about (RFC 9110, 10.1.1). Before they answer they receive the body to its end,
 * however large it is and however slowly it comes, and no log tells of it.
 */
function answerOurselves(request: IncomingMessage): void {
  const { url = '/', headers } = request;
  const [path = '/'] = url.split('?', 1);
  if (percentDecoded(path) === undefined || FRAMEWORKS_OWN.test(path)) request.url = NOBODYS;
  if (headers.expect !== undefined && !/100-continue/i.test(headers.expect)) delete headers.expect;
}

/**
 * Takes requests over before the framework does anything about them. Node announces each one on
 * this channel before anybody else sees it.
 *
 * @param serves Which servers of the process it is about: all, where a process serves nothing else.
 */
export function takeRequestsOver(
  env: NodeJS.ProcessEnv,
  serves: (server: unknown) => boolean = () => true,
): void {
  const target = env['FUNCTION_TARGET'];
  if (target !== undefined && !OURS.has(target)) return;
  subscribe('http.server.request.start', (message) => {
    // The shape that Node documents for this channel.
    const { request, server } = message as { request: IncomingMessage; server: unknown };
    if (!serves(server)) return;
    hideBody(request);
    answerOurselves(request);
  });
}
