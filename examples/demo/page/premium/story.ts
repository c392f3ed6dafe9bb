import type { PremiumStep } from '../../premium-server/protocol';
import type { Language } from '../language';

/** `claims`: the token's claims decide. `record`: the entitlement is looked up too. */
export type GateId = 'claims' | 'record';
export const GATE_IDS = ['claims', 'record'] as const satisfies readonly GateId[];

/** The conditions of a gate: premium in the token, premium on the server's record. */
export type Condition = 'token' | 'record';

export type GateReading =
  | { readonly state: 'unread' }
  | { readonly state: 'open'; readonly text: Readonly<Record<Language, string>> }
  | { readonly state: 'closed' }
  | { readonly state: 'unreadable'; readonly detail: string };

/** The buttons: a step of the server, or a token refresh. */
export type PremiumPress = PremiumStep | 'refresh';

export type PremiumEventKind =
  | { readonly kind: 'press'; readonly press: PremiumPress }
  | { readonly kind: 'failure'; readonly press: PremiumPress; readonly detail: string }
  | { readonly kind: 'opened' | 'closed' | 'expired'; readonly gate: GateId };

export type PremiumEvent = PremiumEventKind & {
  readonly id: number;
  /** Duration of a press; for a gate, time since the last press. */
  readonly ms: number;
};

/** Whether a condition held; `unknown` if the page cannot tell. */
export type Mark = 'met' | 'unmet' | 'unknown';

/** What the rules compare with the time of the request. */
export interface Facts {
  /** `premiumUntil` in the token; epoch ms, undefined without premium. */
  readonly tokenUntil: number | undefined;
  /** `premiumUntil` on the server's record; epoch ms, undefined when the record has none. */
  readonly recordUntil: number | undefined | 'unreadable';
  /** When both were read; epoch ms, 0 before the first look. */
  readonly at: number;
}

/** The gates, and the facts they were decided by: nothing changed while they were read. */
export interface Look extends Facts {
  readonly gates: Readonly<Record<GateId, GateReading>>;
  /** The library's `isPremium()`. */
  readonly isPremium: boolean;
}

export interface PremiumState extends Look {
  /** Newest first. */
  readonly events: readonly PremiumEvent[];
}

export const NOTHING_SEEN: PremiumState = {
  gates: { claims: { state: 'unread' }, record: { state: 'unread' } },
  tokenUntil: undefined,
  recordUntil: undefined,
  isPremium: false,
  at: 0,
  events: [],
};

export function marksOf({ tokenUntil, recordUntil, at }: Facts): Readonly<Record<Condition, Mark>> {
  const markOf = (until: Facts['recordUntil']): Mark => {
    if (until === 'unreadable' || at === 0) return 'unknown';
    return until !== undefined && until > at ? 'met' : 'unmet';
  };
  return { token: markOf(tokenUntil), record: markOf(recordUntil) };
}

/** Whether rules that only look at these facts decide the same at both times. */
export function sameFacts(one: Facts, other: Facts): boolean {
  const [marks, others] = [marksOf(one), marksOf(other)];
  return (
    one.tokenUntil === other.tokenUntil &&
    one.recordUntil === other.recordUntil &&
    marks.token === others.token &&
    marks.record === others.record
  );
}

const EVENTS_KEPT = 12;

export function withEvent(state: PremiumState, event: PremiumEventKind, ms: number): PremiumState {
  const id = (state.events[0]?.id ?? 0) + 1;
  return { ...state, events: [{ ...event, id, ms }, ...state.events].slice(0, EVENTS_KEPT) };
}

/** The state after reading the gates; changes since the last read become events. */
export function withLook(before: PremiumState, look: Look, sincePressMs: number): PremiumState {
  const { gates, tokenUntil, at } = look;
  const expired = tokenUntil !== undefined && tokenUntil <= at;
  return GATE_IDS.reduce<PremiumState>(
    (state, gate) => {
      const [was, is] = [before.gates[gate].state, gates[gate].state];
      if (is === was) return state;
      if (is === 'open') return withEvent(state, { kind: 'opened', gate }, sincePressMs);
      if (is !== 'closed' || was !== 'open') return state;
      return withEvent(state, { kind: expired ? 'expired' : 'closed', gate }, sincePressMs);
    },
    { ...look, events: before.events },
  );
}
