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

export interface PremiumState {
  readonly gates: Readonly<Record<GateId, GateReading>>;
  /** Epoch ms; undefined when the record has none. */
  readonly recordUntil: number | undefined;
  /** Newest first. */
  readonly events: readonly PremiumEvent[];
  /** When the gates were last read; epoch ms. */
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
  /** `premiumUntil` in the token used to read the gates; epoch ms. */
  readonly tokenUntil: number | undefined;
  /** Epoch ms. */
  readonly at: number;
}

/** The state after reading the gates; changes since the last read become events. */
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
