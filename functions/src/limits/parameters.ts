import * as z from 'zod';
import { listed, wholeNumber } from '../config';
import { parseNetwork } from './networks';

const networkList = z.string().transform((text, context) => {
  const list = listed(text);
  if (!list.every(parseNetwork)) {
    context.addIssue('must contain only addresses, and networks such as 203.0.113.0/24');
    return z.NEVER;
  }
  return list;
});

/** Addresses and networks of proxies that append to `X-Forwarded-For`; see `clientOf`. */
export const TRUSTED_PROXIES = networkList.default([]);

/** Schemas of the parameters of the rate limit. */
export const RATE_LIMIT_PARAMETERS = {
  /** Per client address; 0: no limit. */
  RATE_LIMIT_PER_MINUTE: wholeNumber(0, 100_000, 30),
  /** Where that is counted: in each instance, or for all of them together. */
  RATE_LIMIT_STORE: z
    .enum(['memory', 'firestore'], 'is neither memory nor firestore')
    .default('memory'),
} as const;
