import { NOTHING_SEEN, withEvent, withLook, type Look } from './story';

const OPEN = { state: 'open', text: { vi: 'Chào', en: 'Hello' } } as const;
const CLOSED = { state: 'closed' } as const;

const look = (change: Partial<Look>): Look => ({
  gates: { claims: CLOSED, record: CLOSED },
  recordUntil: undefined,
  tokenUntil: undefined,
  at: 1_000,
  ...change,
});
const both = (reading: typeof OPEN | typeof CLOSED) => ({
  gates: { claims: reading, record: reading },
});
const told = ({ events }: typeof NOTHING_SEEN) => events.map(({ kind }) => kind);

describe('the story of the gates', () => {
  const opened = withLook(NOTHING_SEEN, look({ ...both(OPEN), tokenUntil: 2_000 }), 90);

  it('does not tell of gates that were closed from the beginning', () => {
    expect(told(withLook(NOTHING_SEEN, look({}), 5))).toEqual([]);
  });

  it('tells once that a gate opened, and how long after the press', () => {
    const again = withLook(opened, look({ ...both(OPEN), tokenUntil: 2_000 }), 190);

    expect(again.events).toEqual([
      { id: 2, kind: 'opened', gate: 'record', ms: 90 },
      { id: 1, kind: 'opened', gate: 'claims', ms: 90 },
    ]);
  });

  it('tells a refund from an expiry by the end that the token carries', () => {
    const refunded = withLook(opened, look({ tokenUntil: 2_000, at: 1_999 }), 10);
    const expired = withLook(opened, look({ tokenUntil: 2_000, at: 2_000 }), 10);

    expect(told(refunded).slice(0, 2)).toEqual(['closed', 'closed']);
    expect(told(expired).slice(0, 2)).toEqual(['expired', 'expired']);
  });

  it('keeps the newest twelve, each under a number of its own', () => {
    const long = Array.from({ length: 20 }).reduce<typeof NOTHING_SEEN>(
      (state) => withEvent(state, { kind: 'press', press: 'refresh' }, 1),
      NOTHING_SEEN,
    );

    expect(long.events.map(({ id }) => id)).toEqual([
      20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9,
    ]);
  });
});
