import { NOTHING_SEEN, withEvent, withLook, type Look } from './story';

const OPEN = { state: 'open', text: { vi: 'Chào', en: 'Hello' } } as const;
const CLOSED = { state: 'closed' } as const;

const look = (change: Partial<Look>): Look => ({
  gates: { claims: CLOSED, record: CLOSED },
  recordUntil: undefined,
  tokenUntil: undefined,
  isPremium: false,
  at: 1_000,
  ...change,
});
const both = (reading: typeof OPEN | typeof CLOSED) => ({
  gates: { claims: reading, record: reading },
});
const kindsOf = ({ events }: typeof NOTHING_SEEN) => events.map(({ kind }) => kind);

describe('the timeline of the gates', () => {
  const opened = withLook(NOTHING_SEEN, look({ ...both(OPEN), tokenUntil: 2_000 }), 90);

  it('does not list gates that were closed from the start', () => {
    expect(kindsOf(withLook(NOTHING_SEEN, look({}), 5))).toEqual([]);
  });

  it('lists once that a gate opened, with the time since the press', () => {
    const again = withLook(opened, look({ ...both(OPEN), tokenUntil: 2_000 }), 190);

    expect(again.events).toEqual([
      { id: 2, kind: 'opened', gate: 'record', ms: 90 },
      { id: 1, kind: 'opened', gate: 'claims', ms: 90 },
    ]);
  });

  it("distinguishes a refund from an expiry by the token's end of premium", () => {
    const refunded = withLook(opened, look({ tokenUntil: 2_000, at: 1_999 }), 10);
    const expired = withLook(opened, look({ tokenUntil: 2_000, at: 2_000 }), 10);

    expect(kindsOf(refunded).slice(0, 2)).toEqual(['closed', 'closed']);
    expect(kindsOf(expired).slice(0, 2)).toEqual(['expired', 'expired']);
  });

  it('keeps the newest twelve with unique ids', () => {
    const long = Array.from({ length: 20 }).reduce<typeof NOTHING_SEEN>(
      (state) => withEvent(state, { kind: 'press', press: 'refresh' }, 1),
      NOTHING_SEEN,
    );

    expect(long.events.map(({ id }) => id)).toEqual([
      20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9,
    ]);
  });
});
