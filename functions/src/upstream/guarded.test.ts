import { circuitBreaker, guardedBy, type Call } from './circuit-breaker';

let callers = 0;
const failing = (): Call<string> => ({
  caller: `caller ${(callers += 1)}`,
  run: () => Promise.reject(new Error('down')),
  judge: { answer: () => 'success', error: () => 'failure' },
});
const answering = (): Call<string> => ({ ...failing(), run: () => Promise.resolve('answer') });

/** Guards an upstream that has failed twenty times. */
async function opened() {
  let elapsed = 0;
  const guarded = guardedBy({ elapsed: () => elapsed }, 'tiki-unavailable', 'Tiki');
  for (let i = 0; i < 20; i += 1) await expect(guarded(failing())).rejects.toThrow('down');
  return { guarded, wait: (ms: number) => (elapsed += ms) };
}

describe('guardedBy', () => {
  it('makes a call and passes its result on', async () => {
    const guarded = guardedBy({ elapsed: () => 0 }, 'tiki-unavailable', 'Tiki');
    expect(await guarded(answering())).toBe('answer');
  });

  it('makes none while the breaker is open, and says for how long', async () => {
    const { guarded, wait } = await opened();
    wait(500);
    await expect(guarded(answering())).rejects.toMatchObject({
      code: 'tiki-unavailable',
      extras: { operator: { account: 'Tiki' }, retryAfterSeconds: 15 },
    });
  });

  it('asks the breaker that it is given, which tells its state', async () => {
    let elapsed = 0;
    const clock = { elapsed: () => elapsed };
    const breaker = circuitBreaker(clock);
    const guarded = guardedBy(clock, 'tiki-unavailable', 'Tiki', breaker);
    expect(breaker.state()).toBe('closed');
    for (let i = 0; i < 20; i += 1) await expect(guarded(failing())).rejects.toThrow('down');
    expect(breaker.state()).toBe('open');
    elapsed += 15_000;
    expect(breaker.state()).toBe('half-open');
    await guarded(answering());
    expect(breaker.state()).toBe('closed');
  });

  it('makes the one that completes something all the same', async () => {
    const { guarded } = await opened();
    expect(await guarded({ ...answering(), always: true })).toBe('answer');
    await expect(guarded(answering())).rejects.toMatchObject({ code: 'tiki-unavailable' });
  });

  it('gives a permit back when a call or its judgement throws', async () => {
    const { guarded, wait } = await opened();
    wait(15_000);
    const broken = (): never => {
      throw new RangeError('broken');
    };
    for (let i = 0; i < 5; i += 1) {
      await expect(
        guarded({ ...answering(), judge: { answer: broken, error: () => 'unknown' } }),
      ).rejects.toThrow('broken');
      await expect(
        guarded({ ...answering(), run: broken, judge: { answer: broken, error: broken } }),
      ).rejects.toThrow('broken');
    }
    expect(await guarded(answering())).toBe('answer');
    expect(await guarded(answering())).toBe('answer');
  });
});
