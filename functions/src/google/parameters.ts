import * as z from 'zod';

const account = z
  .string()
  // Starts so that no command takes it for an option.
  .regex(/^\w[\w.@-]*@[\w.-]+\.[a-z]+$/, 'is not the e-mail address of a service account');

/** Schemas of the parameters that signing needs. */
export const SIGNING_PARAMETERS = {
  /** Undefined: discover the account through the default credentials. */
  SIGNING_SERVICE_ACCOUNT: account.optional(),
  /** Undefined: no App Check. */
  APP_CHECK_APP_ID: z
    .string()
    .regex(/^1:\d+:(?:web|android|ios):[0-9a-f]+$/, 'is not a Firebase app id')
    .optional(),
} as const;
