import type { TikiFirebase } from 'tiki-firebase-client';
import { recordOf, stringIn } from '../json';
import { failureFrom } from '../login/failure';
import type { GateId, GateReading } from './story';

/** Reads as the signed-in user, subject to security rules, with the session's current token. */
export interface PremiumContent {
  readGate(gate: GateId): Promise<GateReading>;
  /** `premiumUntil` in the user's entitlement, which its owner may read; epoch ms. */
  readRecord(uid: string): Promise<number | undefined>;
}

export const GATE_PATHS = {
  claims: 'premiumContent/welcome',
  record: 'premiumContentStrict/welcome',
} as const satisfies Record<GateId, string>;

export function connectContent(firebase: Pick<TikiFirebase, 'firestore'>): PremiumContent {
  const read = async (path: string) => recordOf((await firebase.firestore().get(path))?.data);
  return {
    async readGate(gate) {
      try {
        const data = await read(GATE_PATHS[gate]);
        return { state: 'open', text: { vi: stringIn(data, 'vi'), en: stringIn(data, 'en') } };
      } catch (thrown) {
        const { code, detail } = failureFrom(thrown);
        return code === 'permission-denied'
          ? { state: 'closed' }
          : { state: 'unreadable', detail: `${code}: ${detail}` };
      }
    },
    async readRecord(uid) {
      const { premiumUntil } = await read(`entitlements/${uid}`);
      return typeof premiumUntil === 'number' ? premiumUntil : undefined;
    },
  };
}
