import * as z from 'zod';
import { Problem } from './problem';

/** As `URL.hostname` has them. */
export const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** https everywhere; http on loopback only, where nobody else can listen. */
function hasTrustedScheme(url: URL): boolean {
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname))
  );
}

/** Old projects of a Google Workspace are named below its domain: `example.com:my-project`. */
export const PROJECT_ID =
  /^(?:[a-z\d][a-z\d-]{0,62}(?:\.[a-z\d][a-z\d-]{0,62})+:)?[a-z][a-z\d-]{3,62}$/;

/** Where an emulator listens, without a scheme. */
export const hostAndPort = z
  .string()
  .regex(/^(?:[\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}$/, 'is not of the form host:port')
  .refine((host) => URL.canParse(`http://${host}`), 'has a port or an address that is none');

/** `echo secret | firebase functions:secrets:set` stores a line break that ruins every signature. */
export const credential = z
  .string('is not set')
  .min(1, 'is not set')
  .max(512, 'is longer than 512 characters')
  .regex(/^[^\s]+$/, 'has white space in it or around it')
  .regex(/^[\x21-\x7e]+$/, 'has characters outside visible ASCII');

export const baseUrl = z.string().transform((text, context) => {
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

/** A Web API key of a Firebase project. */
export const webApiKey = z.string().regex(/^[\w-]{1,128}$/, 'is not an API key');

/** The parts of a comma-separated list, trimmed, without empty ones. */
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
      context.addIssue('must contain only exact origins such as https://app.example.com');
      return z.NEVER;
    }
  }
  return new Set(list);
});

export const wholeNumber = (min: number, max: number, initial: number) =>
  z
    .string()
    // Not 030: some would read it as octal.
    .regex(/^(?:0|[1-9]\d{0,5})$/, 'is not a whole number without leading zeros')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `is not between ${min} and ${max}`)
    .default(initial);

export const maxInFlight = wholeNumber(1, 1_000, 400);

/**
 * Reads parameters from the environment, where the Functions runtime puts them. An empty value
 * counts as absent, as with the CLI's defaults. `param.value()` is not used: it turns what is
 * missing or malformed into an empty string, `false` or 0 without an error.
 *
 * @param remedy May contain `<project>`: see `OperatorNote`.
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
        remedy,
      },
    });
  }
  return result.data;
}
