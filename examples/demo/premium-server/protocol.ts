/** What the demo page and the premium server agree on; both import it. */

/** `POST /premium/<step>` with `{"uid"}`; the answer is {@link StepAnswer}, or `{error, message}`. */
export const PREMIUM_STEPS = ['grant', 'expire', 'refund'] as const;
export type PremiumStep = (typeof PREMIUM_STEPS)[number];

export interface StepAnswer {
  readonly uid: string;
  /** Epoch ms; null when nothing is left of it. */
  readonly premiumUntil: number | null;
}

export const GRANTED_DAYS = 30;

/** Long enough to see both gates open, short enough to wait for their closing. In ms. */
export const EXPIRES_AFTER_MS = 5_000;
