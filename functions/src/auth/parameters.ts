import * as z from 'zod';
import { baseUrl, hostAndPort, listed, maxInFlight, origins, readParameters } from '../config';
import { SIGNING_PARAMETERS } from '../google/parameters';
import { RATE_LIMIT_PARAMETERS, TRUSTED_PROXIES } from '../limits/parameters';
import { TIKI_PARAMETERS } from '../providers/tiki/parameters';
import { validationFiles, type ValidationFiles } from '../providers/tiki/validation-file';
import { setParameters } from '../remedy';

const emails = z.string().transform((text, context) => {
  const list = listed(text).map((email) => email.toLowerCase());
  if (list.every((email) => z.email().safeParse(email).success)) return new Set(list);
  context.addIssue('must contain only e-mail addresses');
  return z.NEVER;
});

const parameters = z.object({
  ...TIKI_PARAMETERS,
  ...SIGNING_PARAMETERS,
  ...RATE_LIMIT_PARAMETERS,
  TIKI_TOKENS_TO_CLIENT: z.enum(['true', 'false'], 'is neither true nor false').default('false'),
  ALLOWED_ORIGINS: origins.default(new Set<string>()),
  TRUSTED_PROXIES,
  MAX_IN_FLIGHT: maxInFlight,
  /** OTLP/HTTP; undefined: no traces. */
  TRACES_ENDPOINT: baseUrl.optional(),
  /** Who may ask `/ready`. */
  OPERATOR_EMAILS: emails.default(new Set<string>()),
  FIRESTORE_EMULATOR_HOST: hostAndPort.optional(),
  FIREBASE_AUTH_EMULATOR_HOST: hostAndPort.optional(),
});

export type AuthParameters = z.output<typeof parameters>;

const REMEDY = setParameters(
  'set the secret with `npx firebase functions:secrets:set TIKI_CLIENT_SECRET --project <project>`, ' +
    'the parameters',
  'functions:tiki-bridge:auth',
);

/** @throws Problem `misconfigured` */
export function parseAuthParameters(
  env: Readonly<Record<string, string | undefined>>,
): AuthParameters {
  return readParameters(parameters, env, REMEDY);
}

const ownedDomain = z.object({
  TIKI_VALIDATION_CODES: validationFiles.default(new Map<string, string>()),
});

/**
 * By itself, since a mistake in it must not stop logins.
 *
 * @throws Problem `misconfigured`
 */
export function parseValidationFiles(
  env: Readonly<Record<string, string | undefined>>,
): ValidationFiles {
  return readParameters(ownedDomain, env, REMEDY).TIKI_VALIDATION_CODES;
}
