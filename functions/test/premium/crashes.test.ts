import { runs } from '@tiki-bridge/testing/deep';
import fc from 'fast-check';
import { ENTITLEMENT_ERRORS, EntitlementError } from '../../src/premium/entitlement-error';
import { LEASE_MS } from '../../src/premium/lease';
import { DAY_MS, type Purchase } from '../../src/premium/purchase';
import { memoryWorld, type Gate } from './memory-world';

type World = ReturnType<typeof memoryWorld>;
type Process = ReturnType<World['process']>;

const UIDS = ['tiki:1', 'tiki:2'];
const PROCESSES = 3;

/** Where a process dies. */
interface Crash {
  /** Which of its effects is the last one, counted from 1. */
  readonly step: number;
  /** When that one takes effect: a request that was sent outlives its sender. */
  readonly lands: 'never' | 'soon' | 'after the rest';
}

interface Task {
  readonly run: (process: Process) => Promise<unknown>;
  /** The index of the process that runs it. */
  readonly by: number;
  /** For the counterexample. */
  readonly text: string;
}

/** Users who bought before the first crash. */
async function worldWithCustomers() {
  const world = memoryWorld();
  await world.service.grant('tiki:1', { id: 'old', days: 3 });
  await world.service.grant('tiki:1', { id: 'older', days: 5 });
  return world;
}

const uid = fc.constantFrom(...UIDS);
const length = fc.integer({ min: 1, max: 30 });
const status = fc.constantFrom<Purchase['status']>('active', 'cancelled');
const at = memoryWorld().now;

/** Operations that lead to the same purchases in any order, so that a clean run has one outcome. */
const operation = fc.oneof(
  fc.tuple(uid, length, fc.uuid()).map(([who, days, id]) => ({
    text: `grant ${who} ${days} days`,
    run: ({ service }: Process) => service.grant(who, { id, days }),
  })),
  // Reports of the same two orders, which meet each other.
  fc.tuple(uid, fc.constantFrom('order-1', 'order-2'), status).map(([who, id, state]) => ({
    text: `record ${who} ${id} ${state}`,
    run: ({ service }: Process) => service.record(who, { id, at, days: 7, status: state }),
  })),
  fc.constantFrom('old', 'older').map((id) => ({
    text: `revoke tiki:1 ${id}`,
    run: ({ service }: Process) => service.revoke('tiki:1', { id }),
  })),
  uid.map((who) => ({
    text: `project ${who}`,
    run: ({ project }: Process) => project(who, 'always', 'skip'),
  })),
  fc.constant({
    text: 'reconcile',
    run: ({ reconcile }: Process) => reconcile({ fix: true }),
  }),
);

const tasks = fc.array(
  fc
    .tuple(operation, fc.nat(PROCESSES - 1))
    .map(([{ run, text }, by]): Task => ({ run, by, text: `${by}: ${text}` })),
  { minLength: 3, maxLength: 8 },
);

const crash = fc.record({
  step: fc.integer({ min: 1, max: 30 }),
  lands: fc.constantFrom<Crash['lands']>('never', 'soon', 'after the rest'),
});
/** For each process of a round, whether and where it dies. */
const round = fc.array(fc.option(crash, { nil: undefined }), {
  minLength: PROCESSES,
  maxLength: PROCESSES,
});

interface Run {
  readonly world: World;
  readonly scheduler: fc.Scheduler;
  /** Resolves when all operations are done. */
  readonly rest: Promise<void>;
}

/** A process that stops for ever at its crash, with everything that it was doing. */
function mortalProcess({ world, scheduler, rest }: Run, end: Crash | undefined) {
  let died: () => void = () => undefined;
  const death = new Promise<'interrupted'>((resolve) => {
    died = () => {
      resolve('interrupted');
    };
  });
  let steps = 0;
  const gate: Gate = async (place) => {
    steps += 1;
    if (end && steps >= end.step) {
      died();
      if (steps > end.step || end.lands === 'never') await new Promise(() => undefined);
      if (end.lands === 'after the rest') await rest;
    }
    await scheduler.schedule(Promise.resolve(), place);
  };
  return { ...world.process(gate), death };
}

const isRetryable = (error: unknown) =>
  error instanceof EntitlementError && ENTITLEMENT_ERRORS[error.code].retry;

/** Runs the tasks concurrently. @returns those that a crash or another holder's lease interrupted */
async function runRound(
  run: Run,
  tasks: readonly Task[],
  crashes: readonly (Crash | undefined)[],
): Promise<readonly Task[]> {
  const { world, scheduler } = run;
  const processes = Array.from({ length: PROCESSES }, (_, index) =>
    mortalProcess(run, crashes[index]),
  );
  const minutePasses = scheduler.schedule(Promise.resolve(), 'a minute passes').then(() => {
    world.now += LEASE_MS;
  });
  const ended = Promise.all(
    tasks.map(async (task) => {
      const process = processes[task.by];
      if (!process) throw new Error('no such process');
      const done = task.run(process).then(
        () => 'done' as const,
        (error: unknown) => {
          if (isRetryable(error)) return 'interrupted' as const;
          throw error;
        },
      );
      return (await Promise.race([done, process.death])) === 'done' ? [] : [task];
    }),
  );
  await scheduler.waitFor(Promise.all([ended, minutePasses]));
  return (await ended).flat();
}

/** Without their times: a grant that is repeated starts later. */
const purchasesIn = (world: World, who: string) =>
  (world.documents.get(who)?.purchases ?? [])
    .map((it) => [it.id, it.status, 'days' in it ? it.days : it.until])
    .sort();

/** What every run must end with, whatever died in it. */
function expectEntitled(world: World, who: string) {
  const stored = world.documents.get(who);
  const active = stored?.purchases.filter((it) => it.status === 'active') ?? [];
  // The days of all purchases in a row, from the first one. None is over by now.
  const start = Math.min(...active.map((it) => it.at));
  const days = active.reduce((sum, it) => sum + ('days' in it ? it.days : NaN), 0);
  const until = active.length === 0 ? null : start + days * DAY_MS;
  expect(stored?.premiumUntil ?? null).toBe(until);
  expect(world.accounts.get(who) ?? {}).toEqual(
    until === null ? {} : { premiumAccount: true, premiumUntil: until },
  );
  expect(world.mirrored.get(who) ?? null).toBe(until);
}

describe('premium in processes that die', () => {
  it('ends as without crashes, once interrupted operations are repeated and reconciled', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        tasks,
        fc.tuple(round, round),
        async (scheduler, asked, rounds) => {
          const clean = await worldWithCustomers();
          for (const { run } of asked) await run(clean);

          const world = await worldWithCustomers();
          let finish: () => void = () => undefined;
          const rest = new Promise<void>((resolve) => (finish = resolve));
          let left: readonly Task[] = asked;
          for (const crashes of rounds)
            left = await runRound({ world, scheduler, rest }, left, crashes);
          while (left.length > 0) left = await runRound({ world, scheduler, rest }, left, []);
          finish();
          // Requests of dead processes are still in flight.
          await scheduler.waitIdle();
          world.now += LEASE_MS;
          await world.reconcile({ fix: true });

          for (const who of UIDS) {
            expect(purchasesIn(world, who)).toEqual(purchasesIn(clean, who));
            expectEntitled(clean, who);
            expectEntitled(world, who);
          }
          expect((await world.reconcile({ fix: false })).drifts).toEqual([]);
        },
      ),
      { numRuns: runs(100, 1_000) },
    );
  });
});
