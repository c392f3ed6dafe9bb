import { stringIn } from '../json';
import type { Store, TokenPair } from '../state';
import { decodeToken } from '../tokens/decode';
import type { PremiumContent } from './content';
import type { PremiumServer } from './server';
import { withEvent, withLook, type PremiumPress } from './story';

export interface PremiumEffects {
  readonly content: PremiumContent;
  readonly server: PremiumServer;
  readonly refreshToken: () => Promise<string>;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  /** Epoch ms. */
  readonly clock: () => number;
}

/** What happens behind the premium section; what comes of it is written into the store. */
export interface PremiumPanel {
  press(press: PremiumPress): void;
  /** Reads both gates and the record, after what is under way. */
  look(): void;
  /** The same, unless something is under way anyhow: for calling every so often. */
  watch(): void;
}

/** `premiumUntil` among the claims of the ID token, epoch ms. */
export function tokenUntil({ idToken }: TokenPair): number | undefined {
  const { premiumUntil } = decodeToken(idToken).claims;
  return typeof premiumUntil === 'number' ? premiumUntil : undefined;
}

export function createPremiumPanel(store: Store, effects: PremiumEffects): PremiumPanel {
  const { content, server, refreshToken, now, clock } = effects;
  let turn = Promise.resolve();
  let waiting = 0;
  let pressedAt = now();

  /** One thing after the other: a late answer to an early look would show a gate as it was. */
  function inTurn(work: () => Promise<void>): void {
    waiting += 1;
    turn = turn.then(work).finally(() => (waiting -= 1));
  }

  async function look(): Promise<void> {
    const { tokens } = store.state;
    if (!tokens) return;
    const [claims, record, recordUntil] = await Promise.all([
      content.readGate('claims'),
      content.readGate('record'),
      content.readRecord(uidOf(tokens)).catch(() => undefined),
    ]);
    // Somebody else is logging in meanwhile, so this is about nobody any more.
    if (store.state.tokens !== tokens) return;
    const seen = {
      gates: { claims, record },
      recordUntil,
      tokenUntil: tokenUntil(tokens),
      at: clock(),
    };
    store.update({ premium: withLook(store.state.premium, seen, now() - pressedAt) });
  }

  async function carryOut(press: PremiumPress, tokens: TokenPair): Promise<void> {
    const started = now();
    try {
      if (press === 'refresh') {
        const idToken = await refreshToken();
        store.update({ tokens: { ...tokens, idToken, at: clock() } });
      } else await server.take(press, uidOf(tokens));
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
      const { tokens } = store.state;
      if (!tokens) return;
      store.update({ busyWith: press });
      inTurn(async () => {
        pressedAt = now();
        await carryOut(press, tokens);
        // The token has to carry the near end, so that one can watch it pass.
        if (press === 'expire') await carryOut('refresh', tokens);
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

function uidOf({ idToken }: TokenPair): string {
  return stringIn(decodeToken(idToken).claims, 'sub');
}
