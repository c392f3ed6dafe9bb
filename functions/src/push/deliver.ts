import type { Clock } from '../clock';
import {
  type Attempt,
  type Delivery,
  type Device,
  nextStep,
  type Result,
  type Summary,
} from './delivery';

/** Rounds within one run. After that, the event is delivered again, with pauses of its own. */
const ROUNDS = 3;
/** Longest pause before the second round, in ms; it doubles. */
const PAUSE_MS = 1_000;

/** More steps than any run needs: whatever is wrong with what is stored, a device is not flooded. */
const MAX_STEPS = 30;

/** A notification and its user's devices, as stored at one moment. */
export interface Stored {
  readonly delivery: Delivery;
  readonly devices: readonly Device[];
}

/** The outside world of one notification. */
export interface DeliverEffects {
  /** Undefined: the notification was deleted. */
  readonly read: () => Promise<Stored | undefined>;
  /** One attempt for each device, by its key. Never rejects because of FCM. */
  readonly send: (devices: readonly Device[]) => Promise<ReadonlyMap<string, Attempt>>;
  /** Adds results to those that are stored. */
  readonly record: (results: Readonly<Record<string, Result>>) => Promise<void>;
  /** Writes the summary if nothing was recorded since `read`; false: something was. */
  readonly finish: (summary: Summary) => Promise<boolean>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly random: () => number;
}

/** Some devices are to be tried again: the event must be delivered again. */
export class Undelivered extends Error {
  override readonly name = 'Undelivered';

  /** @param codes Of FCM, or of the connection to it. */
  constructor(readonly codes: readonly string[]) {
    super(`Some devices could not be reached: ${codes.join(', ')}`);
  }
}

function answeredIn(attempts: ReadonlyMap<string, Attempt>): Record<string, Result> {
  return Object.fromEntries(
    [...attempts].flatMap(([key, attempt]) =>
      attempt.kind === 'answered' ? [[key, attempt.result]] : [],
    ),
  );
}

/**
 * Sends a notification to the devices that have not answered yet, and records who did. Every step
 * starts from what is stored, so it may be interrupted and repeated at any point.
 *
 * @throws Undelivered, and what the effects throw: run it again later
 */
export async function deliver(effects: DeliverEffects): Promise<void> {
  const { read, send, record, finish, clock, random } = effects;
  let deferred = new Map<string, string>();
  let round = 1;
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const stored = await read();
    if (!stored) return;
    const { delivery, devices } = stored;
    const step = nextStep(delivery, devices, new Set(deferred.keys()), clock.now());
    switch (step.kind) {
      case 'nothing':
        return;
      case 'finish':
        if (await finish(step.summary)) return;
        break;
      case 'wait':
        if (round === ROUNDS) throw new Undelivered([...new Set(deferred.values())]);
        await clock.sleep(random() * PAUSE_MS * 2 ** (round - 1));
        deferred = new Map();
        round += 1;
        break;
      case 'send': {
        const attempts = await send(step.devices);
        const answered = answeredIn(attempts);
        if (Object.keys(answered).length > 0) await record(answered);
        for (const [key, attempt] of attempts) {
          if (attempt.kind === 'try-later') deferred.set(key, attempt.code);
        }
      }
    }
  }
  throw new Undelivered(['no-progress']);
}
