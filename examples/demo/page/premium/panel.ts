import type { TikiFirebase } from 'tiki-firebase-client';
import type { FollowedSession } from '../follow-session';
import { premiumUntilIn, type OpenSession } from '../session/session';
import type { Store } from '../state';
import type { PremiumContent } from './content';
import type { PremiumServer } from './server';
import {
  type Facts,
  type GateId,
  type PremiumPress,
  sameFacts,
  withEvent,
  withLook,
} from './story';

/** How often a look starts over because something changed while the gates were read. */
const LOOKS = 3;

export interface PremiumEffects {
  readonly content: PremiumContent;
  readonly server: PremiumServer;
  readonly firebase: Pick<TikiFirebase, 'getIdToken'>;
  readonly session: FollowedSession;
  /** Monotonic clock, ms. */
  readonly now: () => number;
  /** Epoch ms. */
  readonly clock: () => number;
}

/** The logic of the premium section; writes its results to the store. */
export interface PremiumPanel {
  press(press: PremiumPress): void;
  /** Reads the record and both gates, after pending work. */
  look(): void;
  /**
   * For polling: does nothing while work is pending, and asks a closed gate again only after the
   * token or the record has changed, because the browser logs each denial to its console.
   */
  watch(): void;
}

export function createPremiumPanel(store: Store, effects: PremiumEffects): PremiumPanel {
  const { content, server, firebase, session, now, clock } = effects;
  let turn = Promise.resolve();
  let waiting = 0;
  let pressedAt = now();

  /** Serialized, because a late response to an earlier read would show an outdated state. */
  function inTurn(work: () => Promise<void>): void {
    waiting += 1;
    turn = turn.then(work).finally(() => (waiting -= 1));
  }

  function current(): OpenSession | undefined {
    const { session } = store.state;
    return session.state === 'in' ? session : undefined;
  }

  /** Undefined once another login has started. Reading may refresh the token. */
  async function readFacts({ user }: OpenSession) {
    const recordUntil = await content.readRecord(user.uid).catch(() => 'unreadable' as const);
    await session.look();
    const read = current();
    if (read?.user !== user) return undefined;
    const { isPremium } = read;
    return { tokenUntil: premiumUntilIn(read), recordUntil, isPremium, at: clock() };
  }

  /** The gates as they were last read, except for those that may have changed since. */
  async function readGates(facts: Facts, all: boolean) {
    const { premium } = store.state;
    const again = all || !sameFacts(facts, premium);
    const look = (gate: GateId) => {
      const seen = premium.gates[gate];
      return again || seen.state !== 'closed' ? content.readGate(gate) : seen;
    };
    const [claims, record] = await Promise.all([look('claims'), look('record')]);
    return { claims, record };
  }

  /**
   * Gates and facts are shown together, so they must be of one moment: if the facts changed while
   * the gates were read, all is read again.
   */
  async function look(all: boolean): Promise<void> {
    const before = current();
    if (!before) return;
    for (let looks = 0; looks < LOOKS; looks += 1) {
      const facts = await readFacts(before);
      const gates = facts && (await readGates(facts, all));
      const sincePress = now() - pressedAt;
      const after = await readFacts(before);
      if (!facts || !gates || !after) return;
      if (sameFacts(facts, after)) {
        store.update({ premium: withLook(store.state.premium, { ...after, gates }, sincePress) });
        return;
      }
    }
  }

  async function carryOut(press: PremiumPress, { user }: OpenSession): Promise<void> {
    const started = now();
    try {
      if (press === 'refresh') {
        await firebase.getIdToken({ forceRefresh: true });
        await session.look();
      } else await server.take(press, user.uid);
      const { premium } = store.state;
      store.update({ premium: withEvent(premium, { kind: 'press', press }, now() - started) });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      const failure = { kind: 'failure', press, detail } as const;
      store.update({ premium: withEvent(store.state.premium, failure, now() - started) });
    }
  }

  return {
    press(press) {
      const session = current();
      if (!session) return;
      store.update({ busyWith: press });
      inTurn(async () => {
        pressedAt = now();
        await carryOut(press, session);
        // The token must contain the new end, so that its expiry is visible.
        if (press === 'expire') await carryOut('refresh', session);
        await look(true);
        store.update({ busyWith: 'nothing' });
      });
    },
    look() {
      inTurn(() => look(true));
    },
    watch() {
      if (waiting === 0) inTurn(() => look(false));
    },
  };
}
