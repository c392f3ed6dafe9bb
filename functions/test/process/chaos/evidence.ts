import type { Attempt, World } from './world';

/** The outcome for the customer: `ok` or the code of a problem. */
export const outcomeOf = ({ status, body }: Attempt): unknown =>
  status === 200 ? 'ok' : body['code'];

/** The exchanges that reached Tiki, by auth code: `ok`, a refusal, or a fault. */
export function arrivals({ simulator }: World): Map<string, string> {
  const exchanges = simulator.calls.filter(({ path }) => path === '/oauth/auth/token');
  return new Map(
    exchanges.map(({ rawBody, outcome }) => [
      (JSON.parse(rawBody) as { code: string }).code,
      outcome,
    ]),
  );
}

/** The DNS lookups that failed, such as `tiki.customer-7.0`. */
export const notFound = (world: World): string[] =>
  world.function.refusedConnections().map((address) => address.replace(/\.invalid:\d+$/, ''));

/** The number of failed lookups before the exchange; those of /oauth/me come later. */
function failedLookups(customerId: string, failed: ReadonlySet<string>): number {
  let times = 0;
  while (failed.has(`tiki.customer-${customerId}.${times}`)) times += 1;
  return times;
}

/** All injected faults, by the call they affected. */
export function allMet(world: World): Map<string, string> {
  const arrived = arrivals(world);
  const failed = new Set(notFound(world));
  const atTiki = world.attempts.flatMap(({ customerId, code }): (readonly [string, string])[] => {
    const outcome = arrived.get(code);
    if (outcome === undefined) return [];
    const lookups = failedLookups(customerId, failed);
    return [[`tiki ${customerId}`, `${outcome} after ${lookups} failed lookups`]];
  });
  return new Map([...world.injected, ...atTiki]);
}
