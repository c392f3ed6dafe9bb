import type { Attempt, World } from './world';

/** What a customer heard: `ok`, or the code of a problem. */
export const heardBy = ({ status, body }: Attempt): unknown =>
  status === 200 ? 'ok' : body['code'];

/** The exchanges that arrived at Tiki, by their auth code: `ok`, a refusal, or a fault. */
export function arrivals({ simulator }: World): Map<string, string> {
  const exchanges = simulator.calls.filter(({ path }) => path === '/oauth/auth/token');
  return new Map(
    exchanges.map(({ rawBody, outcome }) => [
      (JSON.parse(rawBody) as { code: string }).code,
      outcome,
    ]),
  );
}

/** The look-ups that failed, such as `tiki.customer-7.0`. */
export const notFound = (world: World): string[] =>
  world.function.refusedConnections().map((address) => address.replace(/\.invalid:\d+$/, ''));

/** How often the name was not found before the exchange left; /oauth/me comes after that. */
function lookedUpInVain(customerId: string, failed: ReadonlySet<string>): number {
  let times = 0;
  while (failed.has(`tiki.customer-${customerId}.${times}`)) times += 1;
  return times;
}

/** Everything that befell somebody, by whom it befell. */
export function allMet(world: World): Map<string, string> {
  const arrived = arrivals(world);
  const failed = new Set(notFound(world));
  const atTiki = world.attempts.flatMap(({ customerId, code }): (readonly [string, string])[] => {
    const outcome = arrived.get(code);
    if (outcome === undefined) return [];
    const inVain = lookedUpInVain(customerId, failed);
    return [[`tiki ${customerId}`, `${outcome} after ${inVain} look-ups in vain`]];
  });
  return new Map([...world.met, ...atTiki]);
}
