import { setTimeout as delay } from 'node:timers/promises';
import { freshCode } from '../load';

/** Of a customer who was refused, before they try again, ms. */
const PAUSE_MS = 250;
/** Longer than the bridge ever takes; then it is broken. */
const LONGEST_MS = 30_000;

/** What customers saw. */
export interface Seen {
  /** How many answers there were of each code; `ok` is one. */
  readonly answers: Readonly<Record<string, number>>;
  readonly longestMs: number;
}

/** Their addresses, as Google's front end names them: what one does is not held against another. */
const addressOf = (customer: number): string => `198.51.${customer >> 8}.${customer & 255}`;

/** One login with a new code; resolves with `ok`, the problem's code, or what Node says. */
async function logIn(origin: string, customer: number): Promise<string> {
  try {
    const answer = await fetch(`${origin}/auth_exchange`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': addressOf(customer) },
      body: JSON.stringify({ code: freshCode() }),
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    const { code } = (await answer.json()) as { readonly code?: string };
    return answer.ok ? 'ok' : (code ?? String(answer.status));
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'no answer' : 'no connection';
  }
}

/** @param origin Of the instance that gets traffic now. */
export async function observe(
  origin: () => string,
  { customers, seconds }: { readonly customers: number; readonly seconds: number },
): Promise<Seen> {
  const answers = new Map<string, number>();
  const end = performance.now() + seconds * 1_000;
  let longestMs = 0;
  const customer = async (number: number) => {
    do {
      const start = performance.now();
      const code = await logIn(origin(), number);
      longestMs = Math.max(longestMs, performance.now() - start);
      answers.set(code, (answers.get(code) ?? 0) + 1);
      // Whoever is in waits for nothing more; somebody else comes.
      await delay(PAUSE_MS);
    } while (performance.now() < end);
  };
  await Promise.all(Array.from({ length: customers }, (_, index) => customer(index)));
  return { answers: Object.fromEntries(answers), longestMs };
}

/** How long it takes until a customer gets in, ms; undefined: longer than `limitMs`. */
export async function recovery(origin: () => string, limitMs: number): Promise<number | undefined> {
  const start = performance.now();
  for (let customer = 1_000; performance.now() - start < limitMs; customer += 1) {
    if ((await logIn(origin(), customer)) === 'ok') return performance.now() - start;
    await delay(PAUSE_MS);
  }
  return undefined;
}
