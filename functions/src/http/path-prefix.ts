import * as z from 'zod';
import { readParameters } from '../config';
import { setParameters } from '../remedy';
import { targetOf, type IncomingRequest } from './request';

const parameters = z.object({
  PATH_PREFIX: z
    .string()
    .regex(
      /^(?:\/[A-Za-z\d_-]{1,63}){1,4}$/,
      'is not a path such as /tiki, without a slash at its end',
    )
    .default(''),
});

/**
 * Makes a request to `/tiki/auth_exchange` one to `/auth_exchange`, in place: what answers it knows no
 * prefix. Hosting passes the whole path of a rewrite. A path without the prefix stays as it is, because
 * the function's own URL has none.
 *
 * @param prefix PATH_PREFIX, unchecked.
 * @throws Problem `misconfigured`
 */
export function stripPathPrefix(request: IncomingRequest, prefix: string | undefined): void {
  if (!prefix) return;
  const { PATH_PREFIX } = readParameters(
    parameters,
    { PATH_PREFIX: prefix },
    setParameters('correct PATH_PREFIX', 'functions,hosting'),
  );
  const target = targetOf(request);
  if (target.startsWith(`${PATH_PREFIX}/`)) request.url = target.slice(PATH_PREFIX.length);
}
