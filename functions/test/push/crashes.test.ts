import { runs } from '@tiki-bridge/testing/deep';
import fc from 'fast-check';
import { deliver, Undelivered, type DeliverEffects } from '../../src/push/deliver';
import { GIVE_UP_MS, type Attempt, type Device, type Summary } from '../../src/push/delivery';

/** The process dies here: nothing that comes after it happens. */
class Crash extends Error {}

const CODES = ['server-unavailable', 'message-rate-exceeded', 'network-error'];

function deviceNamed(key: string): Device {
  return { key, token: `token-${key}`, platform: 'web', language: 'en' };
}

/**
 * A user's devices, Firestore and FCM in memory. The gate before and after each effect decides the
 * order in which concurrent runs take effect, and where one of them dies.
 */
function memoryWorld(devices: readonly Device[], transientFaults: readonly number[]) {
  /** How often each device was shown the notification. Same tag: shown once. */
  const shown = new Map<string, number>();
  const results: Record<string, string> = {};
  const faultsLeft = new Map(devices.map(({ key }, index) => [key, transientFaults[index] ?? 0]));
  const world = {
    now: 1_000,
    version: 0,
    summary: undefined as Summary | undefined,
    shown,
    results,
    /** Sent again to a device after its answer had been stored. */
    sentAfterRecord: [] as string[],
    summaries: 0,
  };

  function attempt({ key }: Device): Attempt {
    const faults = faultsLeft.get(key) ?? 0;
    if (faults > 0) {
      faultsLeft.set(key, faults - 1);
      return { kind: 'try-later', code: CODES[faults % CODES.length] ?? '' };
    }
    shown.set(key, (shown.get(key) ?? 0) + 1);
    return { kind: 'answered', result: 'sent' };
  }

  function effectsOf(gate: (place: string) => Promise<void>): DeliverEffects {
    let seen = -1;
    /** The keys that had answered when this run read last. */
    let known: ReadonlySet<string> = new Set();
    return {
      read: async () => {
        await gate('read');
        seen = world.version;
        known = new Set(Object.keys(results));
        const delivery = {
          createdAt: 1_000,
          results: { ...results },
          isFinished: world.summary !== undefined,
        };
        await gate('has read');
        return { delivery, devices };
      },
      send: async (chosen) => {
        await gate('send');
        world.sentAfterRecord.push(...chosen.map(({ key }) => key).filter((key) => known.has(key)));
        const attempts = new Map(chosen.map((device) => [device.key, attempt(device)]));
        await gate('has sent');
        return attempts;
      },
      record: async (answered) => {
        await gate('record');
        Object.assign(results, answered);
        world.version += 1;
        await gate('has recorded');
      },
      finish: async (summary) => {
        await gate('finish');
        const isAsSeen = world.version === seen;
        if (isAsSeen) {
          world.summary = summary;
          world.summaries += 1;
          world.version += 1;
        }
        await gate('has finished');
        return isAsSeen;
      },
      clock: { now: () => world.now, sleep: () => gate('sleep') },
      random: () => 0.5,
    };
  }
  return { world, effectsOf };
}

const scenario = fc.record({
  devices: fc.integer({ min: 0, max: 10 }),
  faults: fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 10 }),
  // The event is delivered so often at the same time; each delivery dies at its step, or not.
  deaths: fc.array(fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }), {
    minLength: 1,
    maxLength: 6,
  }),
});

it('reaches every device at least once, whatever is repeated, reordered or killed', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, fc.scheduler(), async ({ devices, faults, deaths }, scheduler) => {
      const all = Array.from({ length: devices }, (_, index) => deviceNamed(String(index)));
      const { world, effectsOf } = memoryWorld(all, faults);

      function run(death: number | undefined) {
        let steps = 0;
        return deliver(
          effectsOf(async (place) => {
            steps += 1;
            if (death !== undefined && steps >= death) throw new Crash();
            await scheduler.schedule(Promise.resolve(), place);
          }),
        ).then(
          () => 'acknowledged' as const,
          (error: unknown) => {
            if (error instanceof Crash || error instanceof Undelivered) return 'again' as const;
            throw error;
          },
        );
      }
      await scheduler.waitFor(Promise.all(deaths.map(run)));
      // What was not acknowledged is delivered again; here by an instance that lives.
      for (let tries = 0; world.summary === undefined && tries < 10; tries += 1) {
        await scheduler.waitFor(run(undefined));
      }

      expect(world.summary).toEqual({ successes: devices, failures: {} });
      expect(world.summaries).toBe(1);
      expect([...world.shown.keys()].sort()).toEqual(all.map(({ key }) => key).sort());
      expect(world.sentAfterRecord).toEqual([]);
      // A last repetition of the event has no effect.
      const before = new Map(world.shown);
      expect(await scheduler.waitFor(run(undefined))).toBe('acknowledged');
      expect(world.shown).toEqual(before);
    }),
    { numRuns: runs(200, 1_000) },
  );
});

it('gives up on devices that cannot be reached for an hour', async () => {
  const { world, effectsOf } = memoryWorld([deviceNamed('a'), deviceNamed('b')], [0, 1_000]);
  const gate = () => Promise.resolve();

  await expect(deliver(effectsOf(gate))).rejects.toMatchObject({ name: 'Undelivered' });
  expect(world.summary).toBeUndefined();
  world.now += GIVE_UP_MS + 1;
  await deliver(effectsOf(gate));

  expect(world.summary).toEqual({ successes: 1, failures: { 'gave-up': 1 } });
  expect(world.shown.get('a')).toBe(1);
});
