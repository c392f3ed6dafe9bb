import * as z from 'zod';

// The state of one notification on its way to its user's devices. Pure: see deliver.ts for effects.

/** Devices that did not answer within this time, in ms, count as failed: the news is old by then. */
export const GIVE_UP_MS = 60 * 60_000;

/** A device that may get the notification. */
export interface Device {
  /** Stands for the registration token where the owner can read it. */
  readonly key: string;
  readonly token: string;
  readonly platform: 'android' | 'ios' | 'web';
  readonly language: 'en' | 'vi';
}

/** How a device answered for good: `sent`, or FCM's error code, such as `registration-token-not-registered`. */
export type Result = string;

/** What came of one attempt. */
export type Attempt =
  | { readonly kind: 'answered'; readonly result: Result }
  /** May succeed later; `code` is FCM's. */
  | { readonly kind: 'try-later'; readonly code: string };

/** What is stored about the way of a notification. */
export interface Delivery {
  /** Epoch ms on Firestore's clock. */
  readonly createdAt: number;
  /** By the keys of devices. */
  readonly results: Readonly<Record<string, Result>>;
  readonly isFinished: boolean;
  /** Why no device gets it. */
  readonly skipped?: Skipped | undefined;
}

/** The document is not of the documented shape, or its user has switched this kind off. */
export const skippedSchema = z.enum(['malformed', 'switched-off']);
export type Skipped = z.output<typeof skippedSchema>;

/** Written when every device has answered. */
export interface Summary {
  readonly skipped?: Skipped;
  readonly successes: number;
  /** How many devices failed, by code. */
  readonly failures: Readonly<Record<string, number>>;
}

export type Step =
  | { readonly kind: 'send'; readonly devices: readonly Device[] }
  /** The devices that are left are to be tried again later. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'finish'; readonly summary: Summary }
  | { readonly kind: 'nothing' };

function summarize(results: readonly Result[], late: number): Summary {
  const failures: Record<string, number> = late > 0 ? { 'gave-up': late } : {};
  for (const result of results) {
    if (result !== 'sent') failures[result] = (failures[result] ?? 0) + 1;
  }
  return { successes: results.filter((result) => result === 'sent').length, failures };
}

/**
 * What to do next, from what is stored alone: whoever comes back after a crash, or runs at the same
 * time for a repeated event, sends to the devices that have not answered, and to no others.
 *
 * @param devices The user's devices as they are now.
 * @param deferred Keys of the devices that this run is to try again later.
 * @param now Epoch ms.
 */
export function nextStep(
  { createdAt, results, isFinished, skipped }: Delivery,
  devices: readonly Device[],
  deferred: ReadonlySet<string>,
  now: number,
): Step {
  if (isFinished) return { kind: 'nothing' };
  if (skipped) return { kind: 'finish', summary: { skipped, ...summarize([], 0) } };
  const left = devices.filter(({ key }) => results[key] === undefined);
  const isTooLate = now - createdAt > GIVE_UP_MS;
  if (left.length === 0 || isTooLate) {
    return { kind: 'finish', summary: summarize(Object.values(results), left.length) };
  }
  const next = left.filter(({ key }) => !deferred.has(key));
  return next.length === 0 ? { kind: 'wait' } : { kind: 'send', devices: next };
}
