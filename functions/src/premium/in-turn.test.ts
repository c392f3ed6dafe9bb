import { inTurn } from './in-turn';

/** Work that notes its beginning, and its end when told to end. */
function work(name: string, notes: string[]) {
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

describe('inTurn', () => {
  it('keeps the order for one key, and lets other keys go ahead', async () => {
    const notes: string[] = [];
    const turn = inTurn();
    const [a, b, c] = [work('a', notes), work('b', notes), work('c', notes)];
    const [first, second, other] = [turn('k', a.run), turn('k', b.run), turn('l', c.run)];
    b.end();
    c.end();
    expect(await other).toBe('c');
    a.end();
    expect(await Promise.all([first, second])).toEqual(['a', 'b']);
    expect(notes).toEqual(['a begins', 'c begins', 'c ends', 'a ends', 'b begins', 'b ends']);
  });

  it('lets who comes late wait for those who wait already', async () => {
    const notes: string[] = [];
    const turn = inTurn();
    const [a, b, c] = [work('a', notes), work('b', notes), work('c', notes)];
    c.end();
    const [first, second] = [turn('k', a.run), turn('k', b.run)];
    a.end();
    await first;
    // A whole turn of the event loop, so that whatever follows from the first has happened.
    await new Promise(setImmediate);
    const third = turn('k', c.run);
    await new Promise(setImmediate);
    expect(notes).toEqual(['a begins', 'a ends', 'b begins']);
    b.end();
    expect(await Promise.all([second, third])).toEqual(['b', 'c']);
  });

  it('goes on after a failure, which only its own caller sees', async () => {
    const turn = inTurn();
    const failing = turn('k', () => Promise.reject(new Error('no')));
    const next = turn('k', () => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
    expect(await turn('k', () => Promise.resolve('again'))).toBe('again');
  });
});
