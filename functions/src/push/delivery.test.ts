import { type Delivery, type Device, GIVE_UP_MS, nextStep } from './delivery';

const device = (key: string): Device => ({
  ...{ key, token: `token-of-${key}`, platform: 'android', language: 'vi' },
});
const A = device('a');
const B = device('b');
const NEW: Delivery = { createdAt: 0, results: {}, isFinished: false };
const NOBODY: ReadonlySet<string> = new Set();

describe('what to do next about a notification', () => {
  it('is to send to the devices that have not answered', () => {
    const delivery = { ...NEW, results: { a: 'sent' } };

    expect(nextStep(delivery, [A, B], NOBODY, 1)).toEqual({ kind: 'send', devices: [B] });
  });

  it('is to wait for the devices that are to be tried again', () => {
    expect(nextStep(NEW, [A], new Set(['a']), 1)).toEqual({ kind: 'wait' });
    expect(nextStep(NEW, [A, B], new Set(['a']), 1)).toEqual({ kind: 'send', devices: [B] });
  });

  it('is to finish when all have answered, with how', () => {
    const gone = 'registration-token-not-registered';
    const results = { a: 'sent', b: gone, c: gone };

    expect(nextStep({ ...NEW, results }, [A, B, device('c')], NOBODY, 1)).toEqual({
      kind: 'finish',
      summary: { successes: 1, failures: { [gone]: 2 } },
    });
  });

  it('is to give up on the rest after an hour', () => {
    const delivery = { ...NEW, results: { a: 'sent' } };

    expect(nextStep(delivery, [A, B], NOBODY, GIVE_UP_MS)).toMatchObject({ kind: 'send' });
    expect(nextStep(delivery, [A, B], NOBODY, GIVE_UP_MS + 1)).toEqual({
      kind: 'finish',
      summary: { successes: 1, failures: { 'gave-up': 1 } },
    });
  });

  it('is to finish what no device gets, and nothing when it is finished', () => {
    expect(nextStep({ ...NEW, skipped: 'switched-off' }, [A], NOBODY, 1)).toEqual({
      kind: 'finish',
      summary: { skipped: 'switched-off', successes: 0, failures: {} },
    });
    expect(nextStep({ ...NEW, isFinished: true }, [A], NOBODY, 1)).toEqual({ kind: 'nothing' });
  });
});
