import type { User } from 'tiki-firebase-client';
import type { OpenSession } from '../session/session';
import { createStore, initialState, type State } from '../state';
import { CONFIG } from '../test-config';
import { createPremiumPanel } from './panel';
import { GATE_IDS, marksOf } from './story';

const USER: User = { uid: 'tiki:1', customer: { id: '1', name: 'Hà' }, scopes: [] };
const LATER = 2_000;

/** What the rules decide by. The page sees it through the panel's effects. */
interface World {
  token: number | undefined;
  record: number | undefined;
  now: number;
}

/** A panel in a world, with every state that it showed and every question that it asked. */
function open(world: World) {
  const shown: State[] = [];
  const asked: string[] = [];
  /** Runs once, while the claims gate is being read. */
  const during: (() => void)[] = [];
  const session = (): OpenSession => ({
    state: 'in',
    user: USER,
    idToken: 'token',
    claims: {
      sub: USER.uid,
      iat: 0,
      exp: LATER,
      ...(world.token !== undefined && { premiumAccount: true, premiumUntil: world.token }),
    },
    isPremium: (world.token ?? 0) > world.now,
    at: world.now,
  });
  const store = createStore(
    {
      ...initialState(CONFIG, 'en', { choice: 'everyday', typedId: '', typedName: '' }),
      session: session(),
    },
    (state) => shown.push(state),
  );
  const holds = (until: number | undefined) => until !== undefined && until > world.now;
  const look = () => {
    store.update({ session: session() });
    return Promise.resolve();
  };
  const panel = createPremiumPanel(store, {
    content: {
      readGate(gate) {
        asked.push(gate);
        const isOpen = holds(world.token) && (gate === 'claims' || holds(world.record));
        during.shift()?.();
        return Promise.resolve(
          isOpen ? { state: 'open', text: { vi: 'Chào', en: 'Hello' } } : { state: 'closed' },
        );
      },
      readRecord: () => Promise.resolve(world.record),
    },
    server: {
      take() {
        world.record = undefined;
        return Promise.resolve();
      },
    },
    firebase: {
      getIdToken() {
        world.token = world.record;
        return Promise.resolve('token');
      },
    },
    session: { look },
    now: () => world.now,
    clock: () => world.now,
  });
  /** Resolves once the panel has no more work, which here is all microtasks. */
  const idle = () => new Promise((resolve) => setTimeout(resolve));
  return { panel, store, shown, asked, during, idle };
}

/** The gates shown as open over a condition that is marked as not met. */
const contradictions = (shown: readonly State[]) =>
  shown.flatMap(({ premium }) => {
    const marks = marksOf(premium);
    return GATE_IDS.filter(
      (id) =>
        premium.gates[id].state === 'open' &&
        (marks.token === 'unmet' || (id === 'record' && marks.record === 'unmet')),
    );
  });

const gatesOf = ({ state }: { readonly state: State }) =>
  GATE_IDS.map((id) => state.premium.gates[id].state);

describe('gates and conditions', () => {
  it('are of one moment after a refund and a refresh', async () => {
    const { panel, store, shown, idle } = open({ token: LATER, record: LATER, now: 1 });
    panel.look();
    await idle();
    expect(gatesOf(store)).toEqual(['open', 'open']);
    panel.press('refund');
    await idle();
    expect(gatesOf(store)).toEqual(['open', 'closed']);
    panel.press('refresh');
    await idle();

    expect(gatesOf(store)).toEqual(['closed', 'closed']);
    expect(contradictions(shown)).toEqual([]);
  });

  it.each([
    ['premium ends', (world: World) => (world.now = LATER)],
    ['premium is refunded', (world: World) => (world.record = undefined)],
    ['the token is refreshed', (world: World) => (world.token = undefined)],
  ])('are read again when %s while they are read', async (_, change) => {
    const world: World = { token: LATER, record: LATER, now: 1 };
    const { panel, store, shown, during, idle } = open(world);
    during.push(() => change(world));
    panel.look();
    await idle();

    expect(gatesOf(store)).toContain('closed');
    expect(contradictions(shown)).toEqual([]);
  });

  it('leave a condition open that could not be read', () => {
    expect(marksOf({ tokenUntil: LATER, recordUntil: 'unreadable', at: 1 })).toEqual({
      token: 'met',
      record: 'unknown',
    });
  });
});

describe('watching', () => {
  it('asks a closed gate only once, until the token or the record changes', async () => {
    const world: World = { token: undefined, record: undefined, now: 1 };
    const { panel, store, asked, idle } = open(world);
    for (let second = 0; second < 5; second += 1) {
      panel.watch();
      await idle();
    }
    expect(asked).toEqual(['claims', 'record']);

    world.record = LATER;
    panel.watch();
    await idle();
    expect(asked).toHaveLength(4);
    world.token = LATER;
    panel.watch();
    await idle();
    expect(gatesOf(store)).toEqual(['open', 'open']);
  });

  it('keeps asking an open gate', async () => {
    const { panel, asked, idle } = open({ token: LATER, record: undefined, now: 1 });
    for (let second = 0; second < 3; second += 1) {
      panel.watch();
      await idle();
    }

    expect(asked).toEqual(['claims', 'record', 'claims', 'claims']);
  });
});
