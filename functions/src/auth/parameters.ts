import * as z from 'zod';
import { maxInFlight, origins, readParameters } from '../config';
import { SIGNING_PARAMETERS } from '../google/parameters';
import { RATE_LIMIT_PARAMETERS, TRUSTED_PROXIES } from '../limits/parameters';
import { TIKI_PARAMETERS } from '../providers/tiki/parameters';

const parameters = z.object({
  ...TIKI_PARAMETERS,
  ...SIGNING_PARAMETERS,
  ...RATE_LIMIT_PARAMETERS,
  TIKI_TOKENS_TO_CLIENT: z.enum(['true', 'false'], 'is neither true nor false').default('false'),
  ALLOWED_ORIGINS: origins.default(new Set<string>()),
  TRUSTED_PROXIES,
  MAX_IN_FLIGHT: maxInFlight,
});

export type AuthParameters = z.output<typeof parameters>;

const REMEDY =
  'set parameters in functions/.env.<project>, the secret with ' +
  '`npx firebase functions:secrets:set TIKI_CLIENT_SECRET --project <project>`, then ' +
  '`npx firebase deploy --only functions:tiki-bridge:auth --project <project>`';

/** @throws Problem `misconfigured` */
export function parseAuthParameters(
  env: Readonly<Record<string, string | undefined>>,
): AuthParameters {
  return readParameters(parameters, env, REMEDY);
}
