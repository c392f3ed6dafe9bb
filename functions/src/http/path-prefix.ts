import * as z from 'zod';
import { readParameters } from '../config';
import { setParameters } from '../remedy';

const parameters = z.object({
  PATH_PREFIX: z
    .string()
    .regex(
      /^(?:\/[A-Za-z\d_-]{1,63}){1,4}$/,
      'is not a path such as /tiki, without a slash at its end',
    )
    .default(''),
});

/** @throws Problem `misconfigured` */
export function parsePathPrefix(text: string | undefined): string {
  const remedy = setParameters('correct PATH_PREFIX', 'functions,hosting');
  return readParameters(parameters, { PATH_PREFIX: text }, remedy).PATH_PREFIX;
}
