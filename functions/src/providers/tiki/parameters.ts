import * as z from 'zod';
import { baseUrl, credential } from '../../config';
import { TIKI_PRODUCTION } from './environments';

/** The first one signs; notifications may still be signed with the second one. */
export type ClientSecrets = readonly [current: string, ...previous: string[]];

/** One secret, or two lines: the current one and, while it is being replaced, the previous one. */
const clientSecrets = z.string('is not set').transform((text, context): ClientSecrets => {
  const [first = '', second, ...more] = text.split('\n');
  const isPair = second !== undefined && second !== '' && first !== '' && more.length === 0;
  const secrets: ClientSecrets = isPair ? [first, second] : [text];
  for (const secret of secrets) {
    const fault = credential.safeParse(secret).error?.issues[0];
    if (fault) {
      context.addIssue(fault.message);
      return z.NEVER;
    }
  }
  return secrets;
});

/** Schemas of the parameters that Tiki's calls need. */
export const TIKI_PARAMETERS = {
  TIKI_CLIENT_KEY: credential,
  TIKI_CLIENT_SECRET: clientSecrets,
  TIKI_API_BASE_URL: baseUrl.default(TIKI_PRODUCTION),
} as const;
