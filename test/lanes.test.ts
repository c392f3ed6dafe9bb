import { inLanes, type Lane } from './lanes';

interface Job {
  readonly name: string;
  readonly lane: Lane;
}
const jobs = (lane: Lane, names: string): Job[] => Array.from(names, (name) => ({ name, lane }));

/** Starts jobs that end when they are told. */
function start(all: readonly Job[]) {
  const started: string[] = [];
  const ends = new Map<string, { readonly well: () => void; readonly badly: () => void }>();
  const done = inLanes(all, async ({ name }) => {
    started.push(name);
    await new Promise<void>((resolve, reject) => {
      const badly = () => {
        reject(new Error(`Interrupted: ${name}`));
      };
      ends.set(name, { well: resolve, badly });
    });
  });
  const end = async (name: string, how: 'well' | 'badly' = 'well') => {
    ends.get(name)?.[how]();
    await new Promise(setImmediate);
    return started.join('');
  };
  return { started, end, done };
}

describe('two lanes', () => {
  it('each do one job after the other, both at the same time', async () => {
    const { started, end, done } = start([...jobs('computes', 'abc'), ...jobs('waits', 'xy')]);

    expect(started.join('')).toBe('xa');
    expect(await end('x')).toBe('xay');
    expect(await end('a')).toBe('xayb');
    expect(await end('b')).toBe('xaybc');
    await end('c');
    await end('y');
    await done;
  });

  it('help each other out, from the end', async () => {
    const { started, end, done } = start([...jobs('computes', 'a'), ...jobs('waits', 'xyz')]);

    expect(started.join('')).toBe('xa');
    expect(await end('a')).toBe('xaz');
    expect(await end('z')).toBe('xazy');
    await end('x');
    await end('y');
    await done;
  });

  it('start nothing after a job that throws, and end when the other has ended', async () => {
    const { end, done } = start([...jobs('computes', 'abc'), ...jobs('waits', 'xyz')]);
    const ended = jest.fn();
    void done.catch(ended);

    expect(await end('a', 'badly')).toBe('xa');
    expect(ended).not.toHaveBeenCalled();
    expect(await end('x')).toBe('xa');
    await expect(done).rejects.toThrow('Interrupted: a');
  });

  it('leave nothing to do', async () => {
    await inLanes([], () => Promise.reject(new Error('There is no job.')));
  });
});
