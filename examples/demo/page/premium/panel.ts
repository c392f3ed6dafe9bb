import type { TikiFirebase } from 'tiki-firebase-client';
import type { FollowedSession } from '../follow-session';
import { premiumUntilIn, type OpenSession } from '../session/session';
import type { Store } from '../state';
import type { PremiumContent } from './content';
import type { PremiumServer } from './server';
import { withEvent, withLook, type PremiumPress } from './story';

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
  /** Reads both gates and the record, after pending work. */
  look(): void;
  /** The same, but does nothing while work is pending; for polling. */
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

  async function look(): Promise<void> {
    const before = current();
    if (!before) return;
    const [claims, record, recordUntil] = await Promise.all([
      content.readGate('claims'),
      content.readGate('record'),
      content.readRecord(before.user.uid).catch(() => undefined),
    ]);
    // Reading may have refreshed the token, and premium may have expired.
    await session.look();
    const after = current();
    // Another login has started, so the result is obsolete.
    if (after?.user !== before.user) return;
    const seen = {
      gates: { claims, record },
      recordUntil,
      tokenUntil: premiumUntilIn(after),
      at: clock(),
    };
    store.update({ premium: withLook(store.state.premium, seen, now() - pressedAt) });
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
        await look();
        store.update({ busyWith: 'nothing' });
      });
    },
    look() {
      inTurn(look);
    },
    watch() {
      if (waiting === 0) inTurn(look);
    },
  };
}
