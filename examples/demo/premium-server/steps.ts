import { randomUUID } from 'node:crypto';
import { EntitlementError, type PremiumService } from '../../../functions/src/operator';
import { GRANTED_DAYS, type PremiumStep, type StepAnswer } from './protocol';

/** @throws EntitlementError from every step */
export type Steps = Readonly<Record<PremiumStep, (uid: string) => Promise<StepAnswer>>>;

/**
 * The demo's steps, run by the service that operators and payments use.
 *
 * @param expiresAfterMs How long premium lasts after the step `expire`.
 */
export function createSteps(
  { grant, revoke }: Pick<PremiumService, 'grant' | 'revoke'>,
  now: () => number,
  expiresAfterMs: number,
): Steps {
  const newId = () => `demo-${randomUUID()}`;
  return {
    grant: async (uid) => answer(await grant(uid, { id: newId(), days: GRANTED_DAYS })),
    expire: async (uid) => {
      // A grant can only extend premium, so earlier ones must be revoked first.
      await revoke(uid, 'all').catch((error: unknown) => {
        if (!(error instanceof EntitlementError && error.code === 'unknown-purchase')) throw error;
      });
      return answer(await grant(uid, { id: newId(), until: now() + expiresAfterMs }));
    },
    refund: async (uid) => answer(await revoke(uid, 'all')),
  };
}

function answer({ uid, entitlement }: Awaited<ReturnType<PremiumService['grant']>>): StepAnswer {
  return { uid, premiumUntil: entitlement.premiumUntil };
}
