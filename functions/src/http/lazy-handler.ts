import type { ServerResponse } from 'node:http';
import type { IncomingRequest } from './request';

/** Answers one request. Rejects only where its code cannot be loaded. */
export type Handler = (request: IncomingRequest, response: ServerResponse) => Promise<void>;

/**
 * A handler whose code is loaded with its first request: the Firebase CLI, and every other function
 * of the same package, load its declaration only.
 */
export function lazyHandler(load: () => Promise<Handler>): Handler {
  let loading: Promise<Handler> | undefined;
  return async (request, response) => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    const handle = await loading;
    await handle(request, response);
  };
}
