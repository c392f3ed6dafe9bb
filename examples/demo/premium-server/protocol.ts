/** The protocol between the demo page and the premium server. */

/** `POST /premium/<step>` with `{"uid"}`; the answer is {@link StepAnswer}, or `{error, message}`. */
export const PREMIUM_STEPS = ['grant', 'expire', 'refund'] as const;
export type PremiumStep = (typeof PREMIUM_STEPS)[number];

export interface StepAnswer {
  readonly uid: string;
  /** Epoch ms; null without premium. */
  readonly premiumUntil: number | null;
}

export const GRANTED_DAYS = 30;

/** Long enough to see both gates open, short enough to wait until they close. In ms. */
export const EXPIRES_AFTER_MS = 5_000;
