import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startProcessBridge, type ProcessBridge } from '../../support/process';
import { createCaller, type Answer } from './caller';
import type { Fates, Host, Manner } from './fates';

/** An hour in production. Short, so that tokens are refreshed repeatedly and expire. */
const ACCESS_TOKEN_SECONDS = 15;

const HOSTS: Readonly<Record<string, Host>> = {
  localhost: 'tiki',
  'iamcredentials.googleapis.com': 'iam',
  'metadata.google.internal': 'metadata',
};
/** The maximum number of calls per login, or per instance for the metadata server. */
const ATTEMPTS: Readonly<Record<Host, number>> = { tiki: 6, iam: 5, metadata: 1_000 };

/** One login and its response. */
export interface Attempt extends Answer {
  readonly customerId: string;
  readonly code: string;
  readonly manner: Manner;
}

/** Memory and sockets of a process. */
export interface Held {
  readonly bytes: number;
  readonly sockets: number;
}

export interface World extends Pick<ProcessBridge, 'function' | 'simulator'> {
  readonly attempts: readonly Attempt[];
  /** The fault of each call to Google, as JSON: `iam 7 0` is the first for customer 7. */
  readonly injected: ReadonlyMap<string, string>;
  /** Turns the faults on or off; off at first. */
  setFailing(failing: boolean): void;
  login(customerId: string): Promise<Attempt>;
  /** Closes the callers' keep-alive connections. */
  hangUp(): void;
  /** Measured after a garbage collection. */
  held(): Promise<Held>;
  close(): Promise<void>;
}

const requestIdOf = (customerId: string) => `customer-${customerId}`;

/** The lookups that will fail, in the format of preload.cjs. */
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

/** The built function run as in production, with faults in everything that it calls. */
export async function startWorld(fates: Fates, customerIds: readonly string[]): Promise<World> {
  const bridge = await startProcessBridge({
    accessTokenSeconds: ACCESS_TOKEN_SECONDS,
    // Tiki and the metadata server by name, so that their lookups can fail.
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
  const injected = new Map<string, string>();
  const counts = new Map<string, number>();
  let failing = false;

  function meet<F>(whose: string, fateOf: (nth: number) => F | null): F | null {
    if (!failing) return null;
    const nth = counts.get(whose) ?? 0;
    counts.set(whose, nth + 1);
    const fate = fateOf(nth);
    injected.set(`${whose} ${nth}`, JSON.stringify(fate));
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
    injected,
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
