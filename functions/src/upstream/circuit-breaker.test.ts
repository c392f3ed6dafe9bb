import fc from 'fast-check';
import { circuitBreaker } from './circuit-breaker';
import type { Verdict } from './outcome';

function breakerAt() {
  let now = 0;
  const breaker = circuitBreaker({ elapsed: () => now });
  let callers = 0;
  /** Of somebody new unless said otherwise. */
  const call = (verdict: Verdict, caller = `caller ${(callers += 1)}`): boolean => {
    const { permit } = breaker.admit(caller);
    permit?.(verdict);
    return permit !== undefined;
  };
  const calls = (count: number, verdict: Verdict, caller?: string) => {
    for (let i = 0; i < count; i += 1) call(verdict, caller);
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
    expect(breaker.admit('somebody')).toEqual({ permit: undefined, retryAfterMs: 10_000 });
  });

  it('lets three callers try after fifteen seconds and closes when one succeeds', () => {
    const { breaker, call, calls, wait } = breakerAt();
    calls(20, 'failure');
    wait(15_000);
    const probes = ['a', 'b', 'c'].map((caller) => breaker.admit(caller));
    expect(breaker.admit('d')).toEqual({ permit: undefined, retryAfterMs: 1_000 });
    probes[0]?.permit?.('failure');
    probes[1]?.permit?.('success');
    calls(19, 'failure');
    expect(call('success')).toBe(true);
  });

  it('lets no caller try more than once at a time', () => {
    const { breaker, calls, wait } = breakerAt();
    calls(20, 'failure');
    wait(15_000);
    breaker.admit('a');
    expect(breaker.admit('a')).toEqual({ permit: undefined, retryAfterMs: 1_000 });
    expect(breaker.admit('b').permit).toBeDefined();
  });

  it('stays open for another fifteen seconds when three callers have failed', () => {
    const { call, calls, wait } = breakerAt();
    calls(20, 'failure');
    wait(15_000);
    expect(call('failure')).toBe(true);
    expect(call('failure')).toBe(true);
    expect(call('failure')).toBe(true);
    wait(14_999);
    expect(call('success')).toBe(false);
    wait(1);
    expect(call('success')).toBe(true);
    expect(call('success')).toBe(true);
  });

  it('is not kept open by one caller who fails, nor closed to one who is alone', () => {
    const { call, calls, wait } = breakerAt();
    calls(20, 'failure');
    wait(15_000);
    expect(call('failure', 'attacker')).toBe(true);
    expect(call('failure', 'attacker')).toBe(false);
    wait(14_999);
    expect(call('failure', 'attacker')).toBe(false);
    wait(1);
    expect(call('failure', 'attacker')).toBe(true);
    expect(call('success')).toBe(true);
    expect(call('success', 'attacker')).toBe(true);
  });

  it('lets the next call find out when the one that should has not', () => {
    const { call, calls, wait } = breakerAt();
    calls(20, 'failure');
    wait(15_000);
    for (let i = 0; i < 10; i += 1) expect(call('unknown')).toBe(true);
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
    const late = breaker.admit('late');
    calls(20, 'failure');
    late.permit?.('success');
    expect(call('success')).toBe(false);
    wait(15_000);
    late.permit?.('success');
    for (let i = 0; i < 3; i += 1) expect(call('failure')).toBe(true);
    expect(call('success')).toBe(false);
  });

  it('counts two calls of each caller, the latest', () => {
    const { call, calls } = breakerAt();
    calls(1_000, 'failure', 'attacker');
    calls(17, 'success');
    expect(call('success')).toBe(true);
    calls(1_000, 'failure', 'attacker');
    calls(30, 'success');
    calls(1_000, 'failure', 'attacker');
    expect(call('success')).toBe(true);
  });

  it('is opened by as many callers that fail as succeed', () => {
    const { call, calls } = breakerAt();
    calls(10, 'success');
    for (let i = 0; i < 5; i += 1) calls(10, 'failure', `attacker ${i}`);
    expect(call('success')).toBe(false);
  });

  it('judges by the latest two hundred calls', () => {
    const { call, calls } = breakerAt();
    calls(1_000, 'success');
    calls(99, 'failure');
    expect(call('failure')).toBe(true);
    expect(call('failure')).toBe(false);
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
