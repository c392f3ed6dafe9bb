import { createSchedule } from './schedule';

describe('a schedule', () => {
  let time = 0;
  let done: string[] = [];
  const schedule = () => createSchedule(() => time, false);
  const note = (what: string) => () => {
    done.push(what);
  };
  beforeEach(() => {
    time = 0;
    done = [];
  });

  it('does things in order of their time, then as they were scheduled', async () => {
    const { after, advance } = schedule();
    after(20, note('third'));
    after(10, note('first'));
    after(10, note('second'));
    await advance(9);
    expect(done).toEqual([]);
    await advance(11);
    expect(done).toEqual(['first', 'second', 'third']);
  });

  it('counts what follows from when its cause was due', async () => {
    const { after, advance } = schedule();
    const again = (left: number) => () => {
      done.push(`${left} left`);
      if (left > 0) after(100, again(left - 1));
    };
    after(0, again(9));
    await advance(300);
    expect(done).toEqual(['9 left', '8 left', '7 left', '6 left']);
  });

  it('waits for one thing before it does the next', async () => {
    const { after, advance } = schedule();
    after(0, async () => {
      await Promise.resolve();
      done.push('slow');
    });
    after(0, note('next'));
    // The second call begins after the first.
    await Promise.all([advance(0), advance(0).then(note('second advance'))]);
    expect(done).toEqual(['slow', 'next', 'second advance']);
  });

  it('also follows the clock that it was given', async () => {
    const { after, advance } = schedule();
    after(1000, note('done'));
    time = 400;
    await advance(599);
    expect(done).toEqual([]);
    time = 401;
    await advance(0);
    expect(done).toEqual(['done']);
  });

  it('does nothing after it was closed', async () => {
    const { after, advance, close } = schedule();
    after(0, note('before'));
    close();
    after(0, note('after'));
    await advance(1000);
    expect(done).toEqual([]);
  });
});
