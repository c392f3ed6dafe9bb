import { createCustomerQuestions } from 'tiki-firebase-client/runtime';
import type { Platform } from './my';

export interface Customer {
  /** The bridge's uid for the customer logged in to Tiki; undefined unless Tiki gives an exact id. */
  readonly uid: () => Promise<string | undefined>;
  /** Opens Tiki's permission dialog for a user who has never decided. */
  readonly requestPermission: () => Promise<void>;
}

/** Who is logged in to Tiki: only for detecting a change, never proof of identity. */
export function createCustomer(platform: Platform): Customer {
  const { ask, requestPermission } = createCustomerQuestions(platform);
  return {
    uid: () =>
      new Promise((resolve) => {
        ask((id) => {
          resolve(id ? `tiki:${id}` : undefined);
        });
      }),
    requestPermission,
  };
}
