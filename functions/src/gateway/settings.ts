import { z } from 'zod';
import { origins, readParameters } from '../config';
import { Problem } from '../problem';
import { upstreamsFor, type Upstreams } from './upstreams';
import { validationFiles, type ValidationFiles } from './validationFile';

export interface GatewaySettings {
  readonly projectId: string;
  /** @throws Problem `misconfigured` */
  readonly apiKey: () => string;
  readonly upstreams: Upstreams;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly validationFiles: ValidationFiles;
}

const REMEDY =
  'set parameters in functions/.env.<project> (WEB_API_KEY is the Web API key that the Firebase ' +
  'console shows in the project settings), then `firebase deploy --only functions:gateway`';

/** The emulator takes any. */
const EMULATOR_KEY = 'emulator';

const hostAndPort = z
  .string()
  .regex(/^(?:[\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}$/, 'is not of the form host:port');

const environment = z.object({
  GCLOUD_PROJECT: z.string('is not set').regex(/^[a-z][a-z\d-]{3,62}$/, 'is not a project id'),
  WEB_API_KEY: z
    .string()
    .regex(/^[\w-]{1,128}$/, 'is not an API key')
    .optional(),
  ALLOWED_ORIGINS: origins.default(new Set<string>()),
  TIKI_VALIDATION_CODES: validationFiles.default(new Map<string, string>()),
  FIREBASE_AUTH_EMULATOR_HOST: hostAndPort.optional(),
  FIRESTORE_EMULATOR_HOST: hostAndPort.optional(),
});

/**
 * Reads what the gateway needs from the environment; the bridge's key and secret are not among it.
 *
 * @throws Problem `misconfigured`
 */
export function parseGatewaySettings(
  env: Readonly<Record<string, string | undefined>>,
): GatewaySettings {
  const parsed = readParameters(environment, env, REMEDY);
  const auth = parsed.FIREBASE_AUTH_EMULATOR_HOST;
  const key = parsed.WEB_API_KEY ?? (auth === undefined ? undefined : EMULATOR_KEY);
  return {
    projectId: parsed.GCLOUD_PROJECT,
    apiKey: () => {
      if (key !== undefined) return key;
      const operator = { cause: 'WEB_API_KEY is not set', remedy: REMEDY };
      throw new Problem('misconfigured', { operator });
    },
    upstreams: upstreamsFor({ auth, firestore: parsed.FIRESTORE_EMULATOR_HOST }),
    allowedOrigins: parsed.ALLOWED_ORIGINS,
    validationFiles: parsed.TIKI_VALIDATION_CODES,
  };
}
