import * as z from 'zod';
import {
  hostAndPort,
  maxInFlight,
  origins,
  PROJECT_ID,
  readParameters,
  webApiKey,
} from '../config';
import { networks, type Networks } from '../limits/networks';
import { TRUSTED_PROXIES } from '../limits/parameters';
import { Problem } from '../problem';
import { validationFiles, type ValidationFiles } from '../providers/tiki/validation-file';
import { setParameters } from '../remedy';
import { upstreamsFor, type Upstreams } from '../google/upstreams';

export interface GatewaySettings {
  readonly projectId: string;
  /**
   * The key of a call to Firebase Auth: the configured one, else the caller's.
   *
   * @throws Problem `misconfigured`
   */
  readonly apiKey: (callers: string | undefined) => string;
  readonly upstreams: Upstreams;
  /** The buckets of Cloud Storage that are served. */
  readonly buckets: readonly string[];
  readonly allowedOrigins: ReadonlySet<string>;
  readonly validationFiles: ValidationFiles;
  readonly isTrustedProxy: Networks;
  readonly maxInFlight: number;
}

const REMEDY = setParameters(
  'set parameters (WEB_API_KEY is the Web API key that the Firebase console shows in the project ' +
    'settings)',
  'functions:tiki-bridge:gateway',
);

/**
 * Google's keys have 39 characters. A much shorter one is a placeholder, since Firebase's SDK requires
 * some value; Google's error about it would hide that WEB_API_KEY is missing.
 */
const CALLERS_KEY = /^[\w-]{30,128}$/;

/** The emulator accepts any. */
const EMULATOR_KEY = 'emulator';

const environment = z.object({
  GCLOUD_PROJECT: z.string('is not set').regex(PROJECT_ID, 'is not a project id'),
  WEB_API_KEY: webApiKey.optional(),
  ALLOWED_ORIGINS: origins.default(new Set<string>()),
  TIKI_VALIDATION_CODES: validationFiles.default(new Map<string, string>()),
  TRUSTED_PROXIES,
  MAX_IN_FLIGHT: maxInFlight,
  FIREBASE_AUTH_EMULATOR_HOST: hostAndPort.optional(),
  FIRESTORE_EMULATOR_HOST: hostAndPort.optional(),
  FIREBASE_STORAGE_EMULATOR_HOST: hostAndPort.optional(),
  STORAGE_BUCKET: z
    .string()
    .regex(/^[a-z\d][a-z\d._-]{1,220}[a-z\d]$/, 'is not the name of a bucket (without gs://)')
    .optional(),
});

/**
 * The default bucket of a project, whose ending depends on when it was made.
 *
 * @see https://firebase.google.com/docs/storage/web/start
 */
function defaultBuckets(projectId: string): string[] {
  // `example.com:my-project` has `my-project.example.com.a.appspot.com`.
  const [name = '', domain] = projectId.split(':').reverse();
  return domain === undefined
    ? [`${name}.firebasestorage.app`, `${name}.appspot.com`]
    : [`${name}.${domain}.a.appspot.com`];
}

/**
 * Reads what the gateway needs from the environment; without Tiki's key and secret.
 *
 * @throws Problem `misconfigured`
 */
export function parseGatewaySettings(
  env: Readonly<Record<string, string | undefined>>,
): GatewaySettings {
  const parsed = readParameters(environment, env, REMEDY);
  const auth = parsed.FIREBASE_AUTH_EMULATOR_HOST;
  return {
    projectId: parsed.GCLOUD_PROJECT,
    apiKey: (callers) => {
      if (parsed.WEB_API_KEY !== undefined) return parsed.WEB_API_KEY;
      if (callers !== undefined && CALLERS_KEY.test(callers)) return callers;
      if (auth !== undefined) return EMULATOR_KEY;
      const operator = { cause: 'WEB_API_KEY is not set', remedy: REMEDY };
      throw new Problem('misconfigured', { operator });
    },
    upstreams: upstreamsFor({
      auth,
      firestore: parsed.FIRESTORE_EMULATOR_HOST,
      storage: parsed.FIREBASE_STORAGE_EMULATOR_HOST,
    }),
    buckets:
      parsed.STORAGE_BUCKET === undefined
        ? defaultBuckets(parsed.GCLOUD_PROJECT)
        : [parsed.STORAGE_BUCKET],
    allowedOrigins: parsed.ALLOWED_ORIGINS,
    validationFiles: parsed.TIKI_VALIDATION_CODES,
    isTrustedProxy: networks(parsed.TRUSTED_PROXIES),
    maxInFlight: parsed.MAX_IN_FLIGHT,
  };
}
