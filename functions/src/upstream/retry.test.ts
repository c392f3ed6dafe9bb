import fc from 'fast-check';
import { deadlineIn, type Clock } from '../clock';
import type { Failure, Outcome } from './outcome';
import { pauseMs, RETRY, withRetries, type RetryPolicy } from './retry';

/** A clock that only moves when somebody sleeps. */
function handClock() {
  const pauses: number[] = [];
  const total = () => pauses.reduce((sum, ms) => sum + ms, 0);
  const clock: Clock = {
    now: total,
    elapsed: total,
    sleep: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  };
  return { clock, pauses };
}

async function run(policy: RetryPolicy, outcomes: Outcome<string>[], budgetMs = 8_000) {
  const { clock, pauses } = handClock();
  let attempts = 0;
  const outcome = await withRetries(
    policy,
    () => {
      attempts += 1;
      return Promise.resolve(outcomes.shift() ?? { kind: 'answer', data: 'late' });
    },
    { deadline: deadlineIn(budgetMs, clock), clock, random: () => 0.5 },
  );
  return { outcome, attempts, pauses };
}

const noConnection = (errno: string): Failure => ({ kind: 'no-connection', errno });
const status = (code: number, retryAfterSeconds?: number): Failure => ({
  kind: 'unexpected-status',
  status: code,
  ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
});
const unclear: Failure[] = [
  { kind: 'no-answer' },
  noConnection('ECONNRESET'),
  noConnection('EPIPE'),
  noConnection('ETIMEDOUT'),
  noConnection('ECONNABORTED'),
  status(503),
  status(500),
  { kind: 'refused', reason: 'something_new', status: 503 },
];
const final: Failure[] = [
  { kind: 'refused', reason: 'invalid_code', status: 400 },
  { kind: 'wrong-shape', where: 'data' },
  status(404),
  status(302),
];

describe('withRetries', () => {
  it.each(unclear)(
    'never repeats a single-use call after an unclear failure: %j',
    async (failure) => {
      expect(await run(RETRY.singleUse, [failure])).toEqual({
        outcome: failure,
        attempts: 1,
        pauses: [],
      });
    },
  );

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])(
    'repeats a single-use call that never left (%s)',
    async (errno) => {
      const { outcome, attempts } = await run(RETRY.singleUse, [noConnection(errno)]);
      expect(outcome).toEqual({ kind: 'answer', data: 'late' });
      expect(attempts).toBe(2);
    },
  );

  it.each(unclear)('repeats a read after %j', async (failure) => {
    expect((await run(RETRY.read, [failure])).attempts).toBe(2);
  });

  it.each(final)('repeats nothing after %j', async (failure) => {
    expect((await run(RETRY.read, [failure])).attempts).toBe(1);
    expect((await run(RETRY.singleUse, [failure])).attempts).toBe(1);
  });

  it('is content with an answer', async () => {
    const policy: RetryPolicy = RETRY.read;
    const { outcome, attempts } = await run(policy, [{ kind: 'answer', data: 'first' }]);
    expect([outcome, attempts]).toEqual([{ kind: 'answer', data: 'first' }, 1]);
  });

  it('gives up after two repeats with the last outcome', async () => {
    const failures = [status(500), status(502), status(503), status(504)];
    const { outcome, attempts, pauses } = await run(RETRY.read, failures);
    expect(outcome).toEqual(status(503));
    expect(attempts).toBe(3);
    expect(pauses).toEqual([550, 550]);
  });

  it('waits as long as Retry-After says', async () => {
    expect((await run(RETRY.read, [status(503, 2)])).pauses).toEqual([2_000]);
  });

  it('does not wait beyond the deadline', async () => {
    const { outcome, pauses } = await run(RETRY.read, [status(503, 8)]);
    expect(outcome).toEqual(status(503, 8));
    expect(pauses).toEqual([]);
  });
});

describe('pauseMs', () => {
  it('spreads attempts over 100 to 1000 ms', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        const pause = pauseMs(RETRY.read, { kind: 'no-answer' }, () => random);
        expect(pause).toBeGreaterThanOrEqual(100);
        expect(pause).toBeLessThanOrEqual(1_000);
      }),
      { numRuns: 1000 },
    );
    expect(pauseMs(RETRY.read, { kind: 'no-answer' }, () => 0)).toBe(100);
    expect(pauseMs(RETRY.read, status(500), () => 0.999_999)).toBeCloseTo(1_000, 0);
  });
});
