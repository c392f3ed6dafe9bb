import * as z from 'zod';
import {
  hostAndPort,
  maxInFlight,
  origins,
  PROJECT_ID,
  readParameters,
  webApiKey,
  wholeNumber,
} from '../config';
import { SIGNING_PARAMETERS } from '../google/parameters';
import { RATE_LIMIT_PARAMETERS, TRUSTED_PROXIES } from '../limits/parameters';
import { Problem } from '../problem';
import { setParameters } from '../remedy';
import { keyRing } from './key-ring';

type Environment = Readonly<Record<string, string | undefined>>;

const ONLY = 'functions:tiki-bridge:sessions';

/** Makes a key and stores it as the secret's new version. */
const NEW_KEY =
  '`openssl rand -base64 32 | npx firebase functions:secrets:set SESSION_KEYS --data-file - ' +
  '--project <project>`';

const REMEDY = setParameters(
  `set the secret with ${NEW_KEY} (previous keys below it, one a line), the parameters`,
  ONLY,
);

/** What reading a session needs. */
const READING = {
  GCLOUD_PROJECT: z.string('is not set').regex(PROJECT_ID, 'is not a project id'),
  SESSION_KEYS: keyRing.optional(),
  WEB_API_KEY: webApiKey.optional(),
  FIREBASE_AUTH_EMULATOR_HOST: hostAndPort.optional(),
};

const reading = z.object(READING);

const serving = z.object({
  ...READING,
  SIGNING_SERVICE_ACCOUNT: SIGNING_PARAMETERS.SIGNING_SERVICE_ACCOUNT,
  ...RATE_LIMIT_PARAMETERS,
  WEB_ORIGINS: origins.default(new Set<string>()),
  SESSION_DAYS: wholeNumber(1, 400, 14),
  ALLOWED_ORIGINS: origins.default(new Set<string>()),
  TRUSTED_PROXIES,
  MAX_IN_FLIGHT: maxInFlight,
  FIRESTORE_EMULATOR_HOST: hostAndPort.optional(),
});

export type ReadingParameters = z.output<typeof reading>;
export type SessionParameters = z.output<typeof serving>;

/** Google Cloud's own services have another name for it. */
const withProject = (env: Environment): Environment => ({
  ...env,
  GCLOUD_PROJECT: env['GCLOUD_PROJECT'] || env['GOOGLE_CLOUD_PROJECT'],
});

/** @throws Problem `misconfigured` */
export function parseReadingParameters(env: Environment): ReadingParameters {
  return readParameters(reading, withProject(env), REMEDY);
}

/** @throws Problem `misconfigured` */
export function parseSessionParameters(env: Environment): SessionParameters {
  return readParameters(serving, withProject(env), REMEDY);
}

/** The emulator accepts any. */
const EMULATOR_KEY = 'emulator';

/** @throws Problem `misconfigured` where calls to Firebase Authentication have no key. */
export function apiKeyOf({ WEB_API_KEY, FIREBASE_AUTH_EMULATOR_HOST }: ReadingParameters): string {
  const key = WEB_API_KEY ?? (FIREBASE_AUTH_EMULATOR_HOST && EMULATOR_KEY);
  if (key !== undefined) return key;
  throw new Problem('misconfigured', {
    operator: {
      cause: 'WEB_API_KEY is not set',
      remedy: setParameters(
        'set WEB_API_KEY, the Web API key that the Firebase console shows in the project settings,',
        ONLY,
      ),
    },
  });
}

/** This project has not set up web sessions. */
export function notConfigured({ WEB_ORIGINS }: SessionParameters): Problem {
  const missing = WEB_ORIGINS.size === 0 ? 'WEB_ORIGINS' : 'SESSION_KEYS';
  return new Problem('not-configured', {
    operator: { cause: `Web sessions are not set up: ${missing} is not set`, remedy: REMEDY },
  });
}

/** The origin is that of a stranger, or of a page that the operator forgot; it is not repeated here. */
export function unlistedOrigin(): Problem {
  return new Problem('forbidden', {
    operator: {
      cause: 'The origin of the page is not in WEB_ORIGINS',
      remedy: setParameters('if it is a page of yours, add its exact origin to WEB_ORIGINS', ONLY),
    },
  });
}
