import type { PremiumStep } from '../../premium-server/protocol';
import type { Language } from '../language';

/** `claims`: the token's claims alone decide. `record`: the server's record is looked up as well. */
export type GateId = 'claims' | 'record';
export const GATE_IDS = ['claims', 'record'] as const satisfies readonly GateId[];

/** What a gate asks for: premium in the token, premium on the server's record. */
export type Condition = 'token' | 'record';

export type GateReading =
  | { readonly state: 'unread' }
  | { readonly state: 'open'; readonly text: Readonly<Record<Language, string>> }
  | { readonly state: 'closed' }
  | { readonly state: 'unreadable'; readonly detail: string };

/** What a person can press: a step of the server, or a refresh of the own token. */
export type PremiumPress = PremiumStep | 'refresh';

export type PremiumEventKind =
  | { readonly kind: 'press'; readonly press: PremiumPress }
  | { readonly kind: 'failure'; readonly press: PremiumPress; readonly detail: string }
  | { readonly kind: 'opened' | 'closed' | 'expired'; readonly gate: GateId };

export type PremiumEvent = PremiumEventKind & {
  readonly id: number;
  /** How long a press took; for a gate, how long after the last press it was seen. */
  readonly ms: number;
};

export interface PremiumState {
  readonly gates: Readonly<Record<GateId, GateReading>>;
  /** Epoch ms; undefined when the record has none. */
  readonly recordUntil: number | undefined;
  /** The newest first. */
  readonly events: readonly PremiumEvent[];
  /** When the gates were looked at last; epoch ms. */
  readonly seenAt: number;
}

export const NOTHING_SEEN: PremiumState = {
  gates: { claims: { state: 'unread' }, record: { state: 'unread' } },
  recordUntil: undefined,
  events: [],
  seenAt: 0,
};

const EVENTS_KEPT = 12;

export function withEvent(state: PremiumState, event: PremiumEventKind, ms: number): PremiumState {
  const id = (state.events[0]?.id ?? 0) + 1;
  return { ...state, events: [{ ...event, id, ms }, ...state.events].slice(0, EVENTS_KEPT) };
}

export interface Look {
  readonly gates: PremiumState['gates'];
  readonly recordUntil: number | undefined;
  /** `premiumUntil` in the token that the gates were read with; epoch ms. */
  readonly tokenUntil: number | undefined;
  /** Epoch ms. */
  readonly at: number;
}

/** The state after a look at the gates; those that changed since the last one become events. */
export function withLook(before: PremiumState, look: Look, sincePressMs: number): PremiumState {
  const { gates, recordUntil, tokenUntil, at } = look;
  const expired = tokenUntil !== undefined && tokenUntil <= at;
  return GATE_IDS.reduce<PremiumState>(
    (state, gate) => {
      const [was, is] = [before.gates[gate].state, gates[gate].state];
      if (is === was) return state;
      if (is === 'open') return withEvent(state, { kind: 'opened', gate }, sincePressMs);
      if (is !== 'closed' || was !== 'open') return state;
      return withEvent(state, { kind: expired ? 'expired' : 'closed', gate }, sincePressMs);
    },
    { ...before, gates, recordUntil, seenAt: at },
  );
}
