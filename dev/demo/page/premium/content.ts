import { FirebaseError, type FirebaseApp } from 'firebase/app';
import {
  connectFirestoreEmulator,
  doc,
  getDoc,
  getFirestore,
  setLogLevel,
} from 'firebase/firestore/lite';
import { recordOf, stringIn } from '../json';
import type { GateId, GateReading } from './story';

/** Reads through the rules, as whoever is signed in, with the token that the session has. */
export interface PremiumContent {
  readGate(gate: GateId): Promise<GateReading>;
  /** `premiumUntil` on the server's record of this user, which its owner may read; epoch ms. */
  readRecord(uid: string): Promise<number | undefined>;
}

export const GATE_PATHS = {
  claims: 'premiumContent/welcome',
  record: 'premiumContentStrict/welcome',
} as const satisfies Record<GateId, string>;

export function connectContent(
  app: FirebaseApp,
  { host, port }: { readonly host: string; readonly port: number },
): PremiumContent {
  // The SDK warns of every denial; here they are shown instead.
  setLogLevel('error');
  const firestore = getFirestore(app);
  connectFirestoreEmulator(firestore, host, port);
  return {
    async readGate(gate) {
      try {
        const data = recordOf((await getDoc(doc(firestore, GATE_PATHS[gate]))).data());
        return { state: 'open', text: { vi: stringIn(data, 'vi'), en: stringIn(data, 'en') } };
      } catch (error) {
        return error instanceof FirebaseError && error.code === 'permission-denied'
          ? { state: 'closed' }
          : { state: 'unreadable', detail: String(error) };
      }
    },
    async readRecord(uid) {
      const { premiumUntil } = recordOf((await getDoc(doc(firestore, 'entitlements', uid))).data());
      return typeof premiumUntil === 'number' ? premiumUntil : undefined;
    },
  };
}
