import { singleFlight } from './single-flight';

describe('singleFlight', () => {
  it('runs once for all concurrent callers, and again for a later one', async () => {
    const share = singleFlight<number>();
    let runs = 0;
    const run = async () => {
      await Promise.resolve();
      return (runs += 1);
    };
    expect(await Promise.all([share('a', run), share('a', run), share('b', run)])).toEqual([
      1, 1, 2,
    ]);
    expect(await share('a', run)).toBe(3);
  });

  it('passes a failure to all concurrent callers and does not remember it', async () => {
    const share = singleFlight<string>();
    const failing = () => Promise.reject(new Error('no'));
    const results = await Promise.allSettled([share('a', failing), share('a', failing)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await share('a', () => Promise.resolve('yes'))).toBe('yes');
  });
});
