import { singleFlight } from './single-flight';

describe('singleFlight', () => {
  it('runs once for all who ask at the same moment, and again for who comes later', async () => {
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

  it('gives a failure to all who asked and remembers nothing of it', async () => {
    const share = singleFlight<string>();
    const failing = () => Promise.reject(new Error('no'));
    const results = await Promise.allSettled([share('a', failing), share('a', failing)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await share('a', () => Promise.resolve('yes'))).toBe('yes');
  });
});
