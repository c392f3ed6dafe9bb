import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';

/** What a request declared about its body, before the framework was told otherwise. */
interface Declared {
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
}

/** On the request itself: a process may load this module twice, and the first look is the true one. */
const DECLARED = Symbol.for('tiki-firebase-bridge.declaredBody');

const declaredSchema = z.object({
  contentType: z.string().optional(),
  contentEncoding: z.string().optional(),
});

/** The functions of this package that read raw bytes; another one may want a parsed body. */
const OURS: ReadonlySet<string> = new Set(['auth', 'gateway']);

const messageSchema = z.object({
  request: z.custom<IncomingMessage>((value) => typeof value === 'object' && value !== null),
  server: z.unknown(),
});

/**
 * Keeps the framework's hands off request bodies. It would parse and inflate up to a gigabyte before
 * any function sees the request: 200 kB of gzip, or 30 MB of `[{},{},…]`, end an instance and every
 * login in it. Told that the body is a plain stream of bytes, it hands those over as they came.
 *
 * Node announces each request on this channel before anybody else sees it.
 *
 * @param serves Which servers of the process it is about: all, where a process serves nothing else.
 */
export function keepBodiesRaw(
  env: NodeJS.ProcessEnv,
  serves: (server: unknown) => boolean = () => true,
): void {
  const target = env['FUNCTION_TARGET'];
  if (target !== undefined && !OURS.has(target)) return;
  subscribe('http.server.request.start', (message) => {
    const parsed = messageSchema.safeParse(message);
    if (!parsed.success) return;
    const { request, server } = parsed.data;
    if (!serves(server)) return;
    const { 'content-type': contentType, 'content-encoding': contentEncoding } = request.headers;
    if (Reflect.has(request, DECLARED)) return;
    Reflect.set(request, DECLARED, { contentType, contentEncoding });
    request.headers['content-type'] = 'application/octet-stream';
    delete request.headers['content-encoding'];
  });
}

/** What a request declared about its body, whoever has looked at it since. */
export function declaredBody(request: {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}): Declared {
  const kept = declaredSchema.safeParse(Reflect.get(request, DECLARED));
  if (kept.success) return kept.data;
  const text = (value: string | string[] | undefined) =>
    typeof value === 'string' ? value : undefined;
  return {
    contentType: text(request.headers['content-type']),
    contentEncoding: text(request.headers['content-encoding']),
  };
}
