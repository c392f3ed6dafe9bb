import type { PremiumStep } from '../../premium-server/protocol';
import { readJson, recordOf, stringIn } from '../json';

export interface PremiumServer {
  /** Resolves when record and account claims are written. Rejects with the reason. */
  take(step: PremiumStep, uid: string): Promise<void>;
}

export function connectPremiumServer(origin: string): PremiumServer {
  return {
    async take(step, uid) {
      const response = await fetch(`${origin}/premium/${step}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ uid }),
      });
      if (response.ok) return;
      const refusal = recordOf(await readJson(response));
      throw new Error(`${stringIn(refusal, 'error')}: ${stringIn(refusal, 'message')}`);
    },
  };
}
