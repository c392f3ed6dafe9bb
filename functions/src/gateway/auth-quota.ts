import { z } from 'zod';
import type { UpstreamRefusal } from '../log/request-entry';
import { readJson } from '../upstream/read-json';

/** How the message of a 400 begins when too many have signed in, followed by " : " and an explanation. */
const quotaExceeded = z.object({
  error: z.object({
    message: z.string().regex(/^(?:QUOTA_EXCEEDED|TOO_MANY_ATTEMPTS_TRY_LATER)(?![A-Z_])/),
  }),
});

/**
 * What the log says about an error of Identity Toolkit or Secure Token that is a matter of waiting;
 * undefined for any other. The caller receives Google's answer unchanged.
 */
export function authQuotaRefusal(status: number, body: string): UpstreamRefusal | undefined {
  if (status !== 429 && !quotaExceeded.safeParse(readJson(body)).success) return undefined;
  return {
    outcome: 'auth-quota-exceeded',
    operator: {
      cause: 'Firebase Authentication allows no more sign-ins for now',
      remedy: 'raise its quota, in the Firebase console or through support: docs/growth.md',
    },
  };
}
