import * as z from 'zod';

/** What a notification is about. Users can switch each kind off. */
export const KINDS = [
  'message',
  'premium-opened',
  'premium-ends-in-3-days',
  'premium-ends-in-1-day',
  'premium-ended',
  'premium-refunded',
] as const;
export type Kind = (typeof KINDS)[number];

/** Longest values, in characters. FCM takes 4,096 bytes for all of a message. */
const MAX_TITLE = 120;
const MAX_BODY = 800;
const MAX_PATH = 300;

/** A page of the app. Begins with one slash: with two, browsers would read a host after it. */
export const pagePath = z
  .string()
  .max(MAX_PATH, `must have at most ${MAX_PATH} characters`)
  .regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/, 'must be a path of this site, such as /orders/1');

const text = (max: number) =>
  z
    .string()
    .refine((value) => value.trim() !== '', 'must not be empty')
    .refine((value) => value.length <= max, `must have at most ${max} characters`);

/** What a server of the app, or an operator, writes. */
export const messageContent = z.object({
  kind: z.literal('message').default('message'),
  title: text(MAX_TITLE),
  body: text(MAX_BODY),
  path: pagePath.default('/'),
});

const aboutPremium = z
  .object({
    kind: z.enum(KINDS).exclude(['message']),
    /** Epoch ms; null after a refund of everything. */
    premiumUntil: z.int().min(0).max(8_640_000_000_000_000).nullable(),
    path: pagePath.default('/'),
  })
  .refine(
    ({ kind, premiumUntil }) => premiumUntil !== null || kind === 'premium-refunded',
    'needs the end of premium',
  );

/**
 * The content of the document `users/{uid}/notifications/{id}`. A server of yours creates one with a
 * `title` and a `body`; the bridge itself creates those about premium, whose text depends on the
 * language of each device.
 */
export const notificationContent = z.union([aboutPremium, messageContent]);
export type NotificationContent = z.output<typeof notificationContent>;

/** Kinds that a user has switched off, as in `users/{uid}/settings/push`: `{"premium-opened": false}`. */
export function isSwitchedOff(kind: Kind, settings: unknown): boolean {
  return z.looseObject({ [kind]: z.literal(false) }).safeParse(settings).success;
}
