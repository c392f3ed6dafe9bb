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
import { RATE_LIMIT_PARAMETERS, TRUSTED_PROXIES } from '../limits/parameters';
import { Problem } from '../problem';
import { TIKI_PARAMETERS } from '../providers/tiki/parameters';
import { setParameters } from '../remedy';
import { keyRing } from '../sessions/key-ring';

// The functions of payments do not exist where nothing was sold, nor do their rewrites, rules and indexes.
const ONLY = 'functions,hosting,firestore';

const REMEDY = setParameters(
  'set PAYMENT_PLANS to the name of your plans file in functions/, such as plans.json ' +
    '(functions/plans.example.json shows its form),',
  ONLY,
);

/** What is uploaded: see `ignore` in firebase.json. */
const plansFile = z
  .string()
  .regex(/^plans(?:\.[\w-]+)?\.json$/, 'is not plans.json, nor plans.<a name>.json');

/** What is needed to sell, apart from the requests that ask for it. */
const SELLING = {
  ...TIKI_PARAMETERS,
  GCLOUD_PROJECT: z.string('is not set').regex(PROJECT_ID, 'is not a project id'),
  PAYMENT_PLANS: plansFile.optional(),
  REFUND_WINDOW_HOURS: wholeNumber(0, 720, 24),
  PREMIUM_DATABASE_URL: z.url('is not an address').optional(),
  FIREBASE_AUTH_EMULATOR_HOST: hostAndPort.optional(),
  FIRESTORE_EMULATOR_HOST: hostAndPort.optional(),
};

const selling = z.object(SELLING);

const serving = z.object({
  ...SELLING,
  RATE_LIMIT_PER_MINUTE: RATE_LIMIT_PARAMETERS.RATE_LIMIT_PER_MINUTE,
  TRUSTED_PROXIES,
  ALLOWED_ORIGINS: origins.default(new Set<string>()),
  MAX_IN_FLIGHT: maxInFlight,
  SESSION_KEYS: keyRing.optional(),
  WEB_API_KEY: webApiKey.optional(),
});

type Environment = Readonly<Record<string, string | undefined>>;

export type SellingParameters = z.output<typeof selling>;
export type PaymentParameters = z.output<typeof serving>;

/** For the scheduled functions and the command line. @throws Problem `misconfigured` */
export function parseSellingParameters(env: Environment): SellingParameters {
  return readParameters(selling, env, REMEDY);
}

/** For the function `payments`. @throws Problem `misconfigured` */
export function parsePaymentParameters(env: Environment): PaymentParameters {
  return readParameters(serving, env, REMEDY);
}

/** This project sells nothing. */
export function notConfigured(cause = 'PAYMENT_PLANS is not set'): Problem {
  return new Problem('not-configured', { operator: { cause, remedy: REMEDY } });
}
