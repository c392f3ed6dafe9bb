import { createKeyedQueue } from './keyed-queue';

/** A task that records when it starts, and ends when `end` is called. */
function task(name: string, notes: string[]) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = async () => {
    notes.push(`${name} begins`);
    await ended;
    notes.push(`${name} ends`);
    return name;
  };
  return {
    run,
    end: () => {
      end();
    },
  };
}

describe('createKeyedQueue', () => {
  it('runs tasks of one key in order, and other keys concurrently', async () => {
    const notes: string[] = [];
    const enqueue = createKeyedQueue();
    const [a, b, c] = [task('a', notes), task('b', notes), task('c', notes)];
    const [first, second, other] = [enqueue('k', a.run), enqueue('k', b.run), enqueue('l', c.run)];
    b.end();
    c.end();
    expect(await other).toBe('c');
    a.end();
    expect(await Promise.all([first, second])).toEqual(['a', 'b']);
    expect(notes).toEqual(['a begins', 'c begins', 'c ends', 'a ends', 'b begins', 'b ends']);
  });

  it('queues a late task behind those already waiting', async () => {
    const notes: string[] = [];
    const enqueue = createKeyedQueue();
    const [a, b, c] = [task('a', notes), task('b', notes), task('c', notes)];
    c.end();
    const [first, second] = [enqueue('k', a.run), enqueue('k', b.run)];
    a.end();
    await first;
    // One event-loop turn, so that everything the first task triggers has run.
    await new Promise(setImmediate);
    const third = enqueue('k', c.run);
    await new Promise(setImmediate);
    expect(notes).toEqual(['a begins', 'a ends', 'b begins']);
    b.end();
    expect(await Promise.all([second, third])).toEqual(['b', 'c']);
  });

  it('continues after a failure, which only its own caller sees', async () => {
    const enqueue = createKeyedQueue();
    const failing = enqueue('k', () => Promise.reject(new Error('no')));
    const next = enqueue('k', () => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
    expect(await enqueue('k', () => Promise.resolve('again'))).toBe('again');
  });
});
