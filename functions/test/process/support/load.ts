import { EventEmitter, once } from 'node:events';

/** Requests that never pause, spread over the instances that get traffic, as Cloud Run spreads them. */
export interface Load {
  /** Traffic goes to this instance too, from now on. */
  readonly add: (origin: string) => void;
  /** No more traffic goes to it; resolves when it has answered all it had. */
  readonly retire: (origin: string) => Promise<void>;
  /** Resolves after each instance has answered so many more. */
  readonly more: (answers: number) => Promise<void>;
  /** How often each outcome was seen. */
  readonly end: () => Promise<Readonly<Record<string, number>>>;
}

/** @param ask One request; resolves with its outcome. */
export function startLoad(callers: number, ask: (origin: string) => Promise<string>): Load {
  const instances: string[] = [];
  const inFlight = new Map<string, number>();
  const answered = new Map<string, number>();
  const outcomes = new Map<string, number>();
  const events = new EventEmitter();
  let [turn, isOver] = [0, false];
  const add = (to: Map<string, number>, key: string, count: number) =>
    to.set(key, (to.get(key) ?? 0) + count);
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await once(events, 'changed');
  };

  async function call(): Promise<void> {
    await until(() => instances.length > 0 || isOver);
    for (;;) {
      const origin = instances[(turn += 1) % instances.length];
      if (isOver || origin === undefined) return;
      add(inFlight, origin, 1);
      const outcome = await ask(origin).catch((error: unknown) => String(error));
      add(inFlight, origin, -1);
      add(answered, origin, 1);
      add(outcomes, outcome, 1);
      events.emit('changed');
    }
  }
  events.setMaxListeners(callers + 2);
  const working = Array.from({ length: callers }, call);

  return {
    add: (origin) => {
      instances.push(origin);
      events.emit('changed');
    },
    retire: async (origin) => {
      instances.splice(instances.indexOf(origin), 1);
      await until(() => inFlight.get(origin) === 0);
    },
    more: async (answers) => {
      const wanted = instances.map((origin) => ({
        origin,
        count: (answered.get(origin) ?? 0) + answers,
      }));
      await until(() => wanted.every(({ origin, count }) => (answered.get(origin) ?? 0) >= count));
    },
    end: async () => {
      isOver = true;
      events.emit('changed');
      await Promise.all(working);
      return Object.fromEntries(outcomes);
    },
  };
}
