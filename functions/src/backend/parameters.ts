import { isIP } from 'node:net';
import * as z from 'zod';
import {
  hostAndPort,
  LOOPBACK_HOSTS,
  maxInFlight,
  origins,
  PROJECT_ID,
  readParameters,
  webApiKey,
} from '../config';
import { SIGNING_PARAMETERS } from '../google/parameters';
import { Problem } from '../problem';
import { setParameters } from '../remedy';
import { keyRing } from '../sessions/key-ring';

type Environment = Readonly<Record<string, string | undefined>>;

const REMEDY = setParameters(
  'set PRIVATE_BACKEND_URL to the address of your Cloud Run service or function (and ' +
    'PRIVATE_BACKEND_AUDIENCE to the OAuth client id, behind Identity-Aware Proxy)',
  'functions:tiki-bridge:backend,hosting',
);

/**
 * An https origin with a public name. Google's own APIs are refused: a token that is signed for one of
 * them and names a user could pass there as a custom token, or as a token of the service account. So
 * are addresses and internal names, such as the metadata server's.
 */
function isPublicOrigin(url: URL): boolean {
  const { protocol, hostname, port } = url;
  return (
    protocol === 'https:' &&
    port === '' &&
    isIP(hostname.replace(/^\[|\]$/g, '')) === 0 &&
    /^(?!-)[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}$/.test(hostname) &&
    !/(?:^|\.)(?:googleapis\.com|google\.com|internal|local|localhost)$/.test(hostname)
  );
}

/** The host of all functions of a project and region: the first segment of the path names one. */
const isSharedByFunctions = ({ hostname }: URL): boolean =>
  /(?:^|\.)cloudfunctions\.net$/.test(hostname);

/** Of the emulator, where a service that is being written runs on the same machine. */
function isLoopback(url: URL): boolean {
  return url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname);
}

/** @param inEmulator Whether loopback addresses are accepted. */
const backendUrl = (inEmulator: boolean) =>
  z.string().transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isOrigin = url && (text === url.origin || text === `${url.origin}/`);
    if (!isOrigin || !(isPublicOrigin(url) || (inEmulator && isLoopback(url)))) {
      context.addIssue('is not the https address of a service of your own, without a path');
      return z.NEVER;
    }
    if (isSharedByFunctions(url)) {
      context.addIssue("is the address of every function: set the function's own, on run.app");
      return z.NEVER;
    }
    return url;
  });

const schema = (inEmulator: boolean) =>
  z.object({
    GCLOUD_PROJECT: z.string('is not set').regex(PROJECT_ID, 'is not a project id'),
    PRIVATE_BACKEND_URL: backendUrl(inEmulator).optional(),
    PRIVATE_BACKEND_AUDIENCE: z
      .string()
      .regex(/^[\w.:/-]{1,256}$/, 'is neither an address nor an OAuth client id')
      .optional(),
    SIGNING_SERVICE_ACCOUNT: SIGNING_PARAMETERS.SIGNING_SERVICE_ACCOUNT,
    SESSION_KEYS: keyRing.optional(),
    WEB_API_KEY: webApiKey.optional(),
    ALLOWED_ORIGINS: origins.default(new Set<string>()),
    MAX_IN_FLIGHT: maxInFlight,
    FIREBASE_AUTH_EMULATOR_HOST: hostAndPort.optional(),
  });

export type BackendParameters = z.output<ReturnType<typeof schema>> & {
  /** No service account is here, and nothing can be signed. */
  readonly inEmulator: boolean;
};

/** @throws Problem `misconfigured` */
export function parseBackendParameters(env: Environment): BackendParameters {
  const inEmulator = env['FUNCTIONS_EMULATOR'] === 'true';
  return { ...readParameters(schema(inEmulator), env, REMEDY), inEmulator };
}

/** This project has no backend. */
export function notConfigured(): Problem {
  return new Problem('not-configured', {
    operator: { cause: 'PRIVATE_BACKEND_URL is not set', remedy: REMEDY },
  });
}
