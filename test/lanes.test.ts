import { inLanes, type Lane } from './lanes';

interface Job {
  readonly name: string;
  readonly lane: Lane;
}
const job = (name: string, lane: Lane): Job => ({ name, lane });
const JOBS = [job('a', 'computes'), job('b', 'waits'), job('c', 'computes'), job('d', 'waits')];

describe('two lanes', () => {
  it('each do one job after the other, both at the same time', async () => {
    const events: string[] = [];
    const ends = new Map<string, () => void>();
    const done = inLanes(JOBS, async ({ name }) => {
      events.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
    });
    const end = async (name: string) => {
      ends.get(name)?.();
      await new Promise(setImmediate);
    };

    expect(events.sort()).toEqual(['a', 'b']);
    await end('b');
    expect(events).toEqual(['a', 'b', 'd']);
    await end('d');
    expect(events).toEqual(['a', 'b', 'd']);
    await end('a');
    expect(events).toEqual(['a', 'b', 'd', 'c']);
    await end('c');
    await done;
  });

  it('end when both have ended, also where one throws, which ends its own jobs only', async () => {
    const ended: string[] = [];
    const done = inLanes(JOBS, async ({ name }) => {
      if (name === 'a') throw new Error('Interrupted by SIGINT.');
      await new Promise(setImmediate);
      ended.push(name);
    });

    await expect(done).rejects.toThrow('Interrupted by SIGINT.');
    expect(ended).toEqual(['b', 'd']);
  });
});
