import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startProcessBridge, type ProcessBridge } from '../../support/process';
import { createCaller, type Answer } from './caller';
import type { Fates, Host, Manner } from './fates';

/** In production an hour. So short that they are asked for again and again, and do run out. */
const ACCESS_TOKEN_SECONDS = 15;

const HOSTS: Readonly<Record<string, Host>> = {
  localhost: 'tiki',
  'iamcredentials.googleapis.com': 'iam',
  'metadata.google.internal': 'metadata',
};
/** As often as a client may ask for one login, and for the whole instance. */
const ATTEMPTS: Readonly<Record<Host, number>> = { tiki: 6, iam: 5, metadata: 1_000 };

/** One login, and what its customer heard. */
export interface Attempt extends Answer {
  readonly customerId: string;
  readonly code: string;
  readonly manner: Manner;
}

/** What a process holds. */
export interface Held {
  readonly bytes: number;
  readonly sockets: number;
}

export interface World extends Pick<ProcessBridge, 'function' | 'simulator'> {
  readonly attempts: readonly Attempt[];
  /** What befell each call to Google, as JSON: `iam 7 0` is the first for customer 7. */
  readonly met: ReadonlyMap<string, string>;
  /** Whether things fail as the fates will have it; at first they do not. */
  setFailing(failing: boolean): void;
  login(customerId: string): Promise<Attempt>;
  /** The callers leave, and with them their kept-alive connections. */
  hangUp(): void;
  /** After a garbage collection of the process's own. */
  held(): Promise<Held>;
  close(): Promise<void>;
}

const requestIdOf = (customerId: string) => `customer-${customerId}`;

/** The look-ups that will fail, as the preload of the process has them. */
function notFound(fates: Fates, customerIds: readonly string[]): string[] {
  const look = (host: Host, who: string) =>
    Array.from({ length: ATTEMPTS[host] }, (_, attempt) => attempt)
      .filter((attempt) => !fates.isFound(host, who, attempt))
      .map((attempt) => `${host}.${who}.${attempt}`);
  const forCustomers = customerIds
    .map(requestIdOf)
    .flatMap((who) => [...look('tiki', who), ...look('iam', who)]);
  return [...look('metadata', 'instance'), ...forCustomers];
}

/** The customer whose custom token IAM is asked to sign. */
function customerOf(signBlobBody: string): string {
  const { payload } = JSON.parse(signBlobBody) as { payload: string };
  const [, claims = ''] = Buffer.from(payload, 'base64').toString().split('.');
  const { uid } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { uid: string };
  return uid.replace('tiki:', '');
}

/** The built function as production runs it, and all it talks to under the given fates. */
export async function startWorld(fates: Fates, customerIds: readonly string[]): Promise<World> {
  const bridge = await startProcessBridge({
    accessTokenSeconds: ACCESS_TOKEN_SECONDS,
    // Tiki and the metadata server by their names, so that there are look-ups that can fail.
    tikiHost: 'localhost',
    preload: [resolve(__dirname, 'preload.cjs')],
    env: () => ({
      GCE_METADATA_HOST: 'metadata.google.internal',
      CHAOS_DNS: JSON.stringify({ hosts: HOSTS, notFound: notFound(fates, customerIds) }),
    }),
  });
  const { function: running, google, simulator } = bridge;
  const caller = createCaller(running.origin);
  const attempts: Attempt[] = [];
  const met = new Map<string, string>();
  const counts = new Map<string, number>();
  let failing = false;

  function meet<F>(whose: string, fateOf: (nth: number) => F | null): F | null {
    if (!failing) return null;
    const nth = counts.get(whose) ?? 0;
    counts.set(whose, nth + 1);
    const fate = fateOf(nth);
    met.set(`${whose} ${nth}`, JSON.stringify(fate));
    return fate;
  }
  google.iam.setFault(({ body }) => {
    const customerId = customerOf(body);
    return meet(`iam ${customerId}`, (nth) => fates.iam(customerId, nth));
  });
  google.metadata.setFault(({ url }) => {
    const path = url.pathname.split('/').at(-1) ?? '';
    return meet(`metadata ${path}`, (nth) => fates.metadata(path, nth));
  });

  return {
    function: running,
    simulator,
    attempts,
    met,
    setFailing: (now) => {
      failing = now;
    },
    login: async (customerId) => {
      const fault = failing ? fates.tiki(customerId)?.fault : undefined;
      const manner = failing ? fates.manner(customerId) : 'at-once';
      const { authCode: code } = simulator.issueAuthCode({ customerId, ...(fault && { fault }) });
      const answer = await caller.exchange(code, requestIdOf(customerId), manner);
      const attempt = { ...answer, customerId, code, manner };
      attempts.push(attempt);
      return attempt;
    },
    hangUp: () => {
      caller.hangUp();
    },
    held: async () => {
      const reports = () => running.logs().flatMap(({ held }) => (held ? [held as Held] : []));
      const seen = reports().length;
      process.kill(running.pid, 'SIGUSR2');
      for (;;) {
        const latest = reports().slice(seen)[0];
        if (latest) return latest;
        await delay(20);
      }
    },
    close: async () => {
      caller.hangUp();
      await bridge.close();
    },
  };
}
