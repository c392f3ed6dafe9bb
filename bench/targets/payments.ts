import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startFirestoreEngine } from '@tiki-bridge/testing/emulators/firestore';
import { startChild } from '../child';
import { placedOrder } from '../orders';
import { PROJECT, PROJECT_ENV } from '../project';
import type { UpstreamAddresses } from '../upstreams/process';
import type { Endpoint, StartFunction } from './target';

const PLANS = 'plans.example.json';

/** What records payments, in one Firestore emulator. */
export interface PaymentTargets {
  /** The function `payments`. */
  readonly bridge: Endpoint;
  /** bare-transactions.cjs: reads and writes the same documents, and nothing else. */
  readonly bare: Endpoint;
  /** Stores unpaid orders, and returns the ids that they have at Tiki. */
  readonly place: (count: number) => Promise<readonly string[]>;
  /** How many payments have reached their customers' accounts. */
  readonly countDelivered: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the Firestore emulator and what is compared on it.
 *
 * @param folder Of the built function.
 * @returns why there is none: Java or the emulator is not installed, or the function sells nothing
 */
export async function startPayments(
  folder: string,
  addresses: UpstreamAddresses,
  start: StartFunction,
): Promise<PaymentTargets | string> {
  if (!existsSync(join(folder, PLANS))) return 'this build has no payments';
  const engine = await startFirestoreEngine({ projectId: PROJECT });
  if ('unavailable' in engine) return engine.unavailable;
  const stops = [() => engine.stop()];
  const stop = async () => {
    for (const each of stops.reverse()) await each();
  };
  try {
    const emulators = { FIRESTORE_EMULATOR_HOST: engine.host };
    const bridge = await start(folder, {
      ...emulators,
      FIREBASE_AUTH_EMULATOR_HOST: addresses.auth,
      FUNCTION_TARGET: 'payments',
      PAYMENT_PLANS: PLANS,
    });
    stops.push(bridge.stop);
    const child = startChild(join(__dirname, 'bare-transactions.cjs'), {
      execArgv: [],
      env: { PATH: process.env['PATH'], ...PROJECT_ENV, ...emulators, NODE_ENV: 'production' },
    });
    stops.push(child.stop);
    const port = await child.ask();
    let placed = 0;
    return {
      bridge,
      bare: { name: 'the bare transactions', origin: `http://127.0.0.1:${String(port)}` },
      place: async (count) => {
        const orders = Array.from({ length: count }, () => placedOrder((placed += 1)));
        await child.ask({ orders });
        return orders.map(({ orderId }) => orderId);
      },
      countDelivered: async () => Number(await child.ask({})),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
