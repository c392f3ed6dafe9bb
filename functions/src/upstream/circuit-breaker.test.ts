import fc from 'fast-check';
import { circuitBreaker, type Verdict } from './circuit-breaker';

function breakerAt() {
  let now = 0;
  const breaker = circuitBreaker({ elapsed: () => now });
  const call = (verdict: Verdict): boolean => {
    const { permit } = breaker.admit();
    permit?.(verdict);
    return permit !== undefined;
  };
  const calls = (count: number, verdict: Verdict) => {
    for (let i = 0; i < count; i += 1) call(verdict);
  };
  return { breaker, call, calls, wait: (ms: number) => (now += ms) };
}

describe('circuitBreaker', () => {
  it('says nothing before twenty calls', () => {
    const { call, calls } = breakerAt();
    calls(19, 'failure');
    expect(call('failure')).toBe(true);
    expect(call('failure')).toBe(false);
  });

  it('opens when half of the calls have failed, and not before', () => {
    const { call, calls } = breakerAt();
    calls(11, 'success');
    calls(10, 'failure');
    expect(call('failure')).toBe(true);
    expect(call('failure')).toBe(false);
  });

  it('forgets what is older than thirty seconds', () => {
    const { call, calls, wait } = breakerAt();
    calls(19, 'failure');
    wait(30_001);
    calls(19, 'failure');
    expect(call('success')).toBe(true);
    expect(call('success')).toBe(false);
  });

  it('does not forget what is younger', () => {
    const { call, calls, wait } = breakerAt();
    calls(10, 'failure');
    wait(29_000);
    calls(10, 'failure');
    expect(call('success')).toBe(false);
  });

  it('says how long it will stay open', () => {
    const { breaker, calls, wait } = breakerAt();
    calls(20, 'failure');
    wait(5_000);
    expect(breaker.admit()).toEqual({ permit: undefined, retryAfterMs: 10_000 });
  });

  it('lets one call through after fifteen seconds and closes when that succeeds', () => {
    const { breaker, call, calls, wait } = breakerAt();
    calls(20, 'failure');
    wait(15_000);
    const probe = breaker.admit();
    expect(breaker.admit()).toEqual({ permit: undefined, retryAfterMs: 1_000 });
    probe.permit?.('success');
    calls(19, 'failure');
    expect(call('success')).toBe(true);
  });

  it('stays open for another fifteen seconds when that fails', () => {
    const { call, calls, wait } = breakerAt();
    calls(20, 'failure');
    wait(15_000);
    expect(call('failure')).toBe(true);
    wait(14_999);
    expect(call('success')).toBe(false);
    wait(1);
    expect(call('success')).toBe(true);
    expect(call('success')).toBe(true);
  });

  it('lets the next call find out when the one that should has not', () => {
    const { call, calls, wait } = breakerAt();
    calls(20, 'failure');
    wait(15_000);
    expect(call('unknown')).toBe(true);
    expect(call('success')).toBe(true);
    expect(call('success')).toBe(true);
  });

  it('does not count what says nothing', () => {
    const { call, calls } = breakerAt();
    calls(100, 'unknown');
    calls(19, 'failure');
    expect(call('failure')).toBe(true);
    expect(call('success')).toBe(false);
  });

  it('does not listen to calls that began before it opened', () => {
    const { breaker, call, calls, wait } = breakerAt();
    const late = breaker.admit();
    calls(20, 'failure');
    late.permit?.('success');
    expect(call('success')).toBe(false);
    wait(15_000);
    late.permit?.('success');
    expect(call('failure')).toBe(true);
    expect(call('success')).toBe(false);
  });

  it('never opens while fewer than half fail, and always lets a call through in the end', () => {
    const step = fc.tuple(fc.nat({ max: 4_000 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { call, wait } = breakerAt();
        for (const [ms, fails] of steps) {
          wait(ms);
          expect(call('success')).toBe(true);
          expect(call(fails ? 'failure' : 'success')).toBe(true);
          expect(call('success')).toBe(true);
        }
        const other = breakerAt();
        for (const [ms, fails] of steps) {
          other.wait(ms);
          other.call(fails ? 'failure' : 'success');
        }
        other.wait(15_000);
        expect(other.call('success')).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
