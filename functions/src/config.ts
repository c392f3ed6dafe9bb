import * as z from 'zod';
import { TIKI_PRODUCTION } from './parameters';
import { Problem } from './problem';
import { parseNetwork } from './limits/networks';

export interface Config {
  readonly tiki: {
    readonly clientKey: string;
    readonly clientSecret: string;
    /** Without a trailing slash. */
    readonly baseUrl: string;
  };
  readonly tikiTokensToClient: boolean;
  /** Undefined: discover the account through the default credentials. */
  readonly signingServiceAccount: string | undefined;
  readonly allowedOrigins: ReadonlySet<string>;
  /** Undefined: no App Check. */
  readonly appCheckAppId: string | undefined;
  /** Per client address; 0: no limit. */
  readonly rateLimitPerMinute: number;
  /** Where that is counted: in each instance, or for all of them together. */
  readonly rateLimitStore: 'memory' | 'firestore';
  /** Addresses and networks of proxies that append to `X-Forwarded-For`; see `clientOf`. */
  readonly trustedProxies: readonly string[];
  readonly maxInFlight: number;
}

/** As `URL.hostname` has them. */
export const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** https everywhere; http only where nobody else can listen. */
function hasTrustedScheme(url: URL): boolean {
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname))
  );
}

/** `echo secret | firebase functions:secrets:set` stores a line break that ruins every signature. */
const credential = z
  .string('is not set')
  .min(1, 'is not set')
  .max(512, 'is longer than 512 characters')
  .regex(/^[^\s]+$/, 'has white space in it or around it')
  .regex(/^[\x21-\x7e]+$/, 'has characters outside visible ASCII');

const baseUrl = z.string().transform((text, context) => {
  const url = parseUrl(text);
  if (!url || !hasTrustedScheme(url)) {
    context.addIssue('is not an https address (http is taken for loopback hosts only)');
    return z.NEVER;
  }
  if (url.search || url.hash || url.username || url.password) {
    context.addIssue('has a query, a fragment or a user in it');
    return z.NEVER;
  }
  return url.href.replace(/\/+$/, '');
});

/** Parts separated by commas, without the white space around them; empty ones do not count. */
export function listed(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export const origins = z.string().transform((text, context) => {
  const list = listed(text);
  for (const origin of list) {
    const url = parseUrl(origin);
    if (!url || url.origin !== origin || !hasTrustedScheme(url)) {
      context.addIssue('holds something else than exact origins such as https://app.example.com');
      return z.NEVER;
    }
  }
  return new Set(list);
});

const networkList = z.string().transform((text, context) => {
  const list = listed(text);
  if (!list.every(parseNetwork)) {
    context.addIssue('holds something else than addresses, and networks such as 203.0.113.0/24');
    return z.NEVER;
  }
  return list;
});

const account = z
  .string()
  .regex(/^[\w.@-]+@[\w.-]+\.[a-z]+$/, 'is not the e-mail address of a service account');

const wholeNumber = (min: number, max: number, initial: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, 'is not a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `is not between ${min} and ${max}`)
    .default(initial);

export const maxInFlight = wholeNumber(1, 1_000, 400);

const environment = z.object({
  TIKI_CLIENT_KEY: credential,
  TIKI_CLIENT_SECRET: credential,
  TIKI_API_BASE_URL: baseUrl.default(TIKI_PRODUCTION),
  TIKI_TOKENS_TO_CLIENT: z.enum(['true', 'false'], 'is neither true nor false').default('false'),
  SIGNING_SERVICE_ACCOUNT: account.optional(),
  ALLOWED_ORIGINS: origins.default(new Set<string>()),
  APP_CHECK_APP_ID: z
    .string()
    .regex(/^1:\d+:(?:web|android|ios):[0-9a-f]+$/, 'is not a Firebase app id')
    .optional(),
  RATE_LIMIT_PER_MINUTE: wholeNumber(0, 100_000, 30),
  RATE_LIMIT_STORE: z
    .enum(['memory', 'firestore'], 'is neither memory nor firestore')
    .default('memory'),
  TRUSTED_PROXIES: networkList.default([]),
  MAX_IN_FLIGHT: maxInFlight,
});

const BRIDGE_REMEDY =
  'set parameters in functions/.env.<project>, the secret with ' +
  '`npx firebase functions:secrets:set TIKI_CLIENT_SECRET --project <project>`, then ' +
  '`npx firebase deploy --only functions:auth --project <project>`';

/**
 * Reads parameters from the environment, where the Functions runtime puts them. An empty value
 * counts as absent, as with the CLI's defaults. `param.value()` is not used: it turns what is
 * missing or malformed into an empty string, `false` or 0 without a word.
 *
 * @param remedy Says `<project>` where the id of the project belongs.
 * @throws Problem `misconfigured`; the operator's note names each parameter and what is wrong with
 *   it, never its value.
 */
export function readParameters<Shape extends z.core.$ZodShape>(
  parameters: z.ZodObject<Shape>,
  env: Readonly<Record<string, string | undefined>>,
  remedy: string,
) {
  const given = Object.keys(parameters.shape).map((name) => [name, env[name] || undefined]);
  const result = parameters.safeParse(Object.fromEntries(given));
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new Problem('misconfigured', {
      operator: {
        cause: [...new Set(faults)].join('; '),
        remedy: remedy.replaceAll('<project>', env['GCLOUD_PROJECT'] || '<project>'),
      },
    });
  }
  return result.data;
}

/** @throws Problem `misconfigured` */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = readParameters(environment, env, BRIDGE_REMEDY);
  return {
    tiki: {
      clientKey: parsed.TIKI_CLIENT_KEY,
      clientSecret: parsed.TIKI_CLIENT_SECRET,
      baseUrl: parsed.TIKI_API_BASE_URL,
    },
    tikiTokensToClient: parsed.TIKI_TOKENS_TO_CLIENT === 'true',
    signingServiceAccount: parsed.SIGNING_SERVICE_ACCOUNT,
    allowedOrigins: parsed.ALLOWED_ORIGINS,
    appCheckAppId: parsed.APP_CHECK_APP_ID,
    rateLimitPerMinute: parsed.RATE_LIMIT_PER_MINUTE,
    rateLimitStore: parsed.RATE_LIMIT_STORE,
    trustedProxies: parsed.TRUSTED_PROXIES,
    maxInFlight: parsed.MAX_IN_FLIGHT,
  };
}
