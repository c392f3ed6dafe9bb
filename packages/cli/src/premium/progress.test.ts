import { createProgress } from './progress';

describe('the progress of a command', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('names what it waits for after two seconds, once', async () => {
    const lines: string[] = [];
    const progress = createProgress((line) => lines.push(line));
    let answer: () => void = () => undefined;
    const watched = progress.watch('Google', () => new Promise<void>((done) => (answer = done)));
    await jest.advanceTimersByTimeAsync(1_999);
    expect(lines).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    progress.onSlow('Google');
    progress.onSlow('Firestore');
    expect(lines).toEqual(['Waiting for Google…', 'Waiting for Firestore…']);
    answer();
    await watched;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('says nothing of what is fast', async () => {
    const lines: string[] = [];
    const progress = createProgress((line) => lines.push(line));
    expect(await progress.watch('Google', () => Promise.resolve(7))).toBe(7);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(lines).toEqual([]);
  });
});
