import type { Response } from 'firebase-functions/https';
import type { IncomingRequest } from './request';

export type Handler<R = IncomingRequest> = (request: R, response: Response) => Promise<void>;

/**
 * A handler whose code is loaded with its first request: the Firebase CLI, and every other function
 * of the same package, then load its declaration only.
 */
export function lazyHandler<R = IncomingRequest>(load: () => Promise<Handler<R>>): Handler<R> {
  let loading: Promise<Handler<R>> | undefined;
  return async (request, response) => {
    const handle = await (loading ??= load());
    await handle(request, response);
  };
}
