import type { ServerResponse } from 'node:http';
import type { IncomingRequest } from './request';

/** Answers one request, whatever happens; never rejects. */
export type Handler = (request: IncomingRequest, response: ServerResponse) => Promise<void>;

/**
 * A handler whose code is loaded with its first request: the Firebase CLI, and every other function
 * of the same package, load its declaration only.
 */
export function lazyHandler(load: () => Promise<Handler>): Handler {
  let loading: Promise<Handler> | undefined;
  return async (request, response) => {
    const handle = await (loading ??= load());
    await handle(request, response);
  };
}
