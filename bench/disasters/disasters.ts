import type { UpstreamFault } from '../upstreams/faults';

/** What a disaster can do to the project. */
export interface Stage {
  readonly setFault: (fault: UpstreamFault | undefined) => Promise<void>;
  /** Starts an instance with these variables in addition, and sends all traffic there. */
  readonly deploy: (env: Readonly<Record<string, string>>) => Promise<void>;
  /** Sends all traffic back to the first instance. */
  readonly rollBack: () => Promise<void>;
}

export interface Disaster {
  /** As its heading in docs/runbook.md. */
  readonly name: string;
  readonly strike: (stage: Stage) => Promise<void>;
  /** What ends it: Tiki, Google, or the operator. */
  readonly end: (stage: Stage) => Promise<void>;
}

const upstream = (name: string, fault: UpstreamFault): Disaster => ({
  name,
  strike: ({ setFault }) => setFault(fault),
  end: ({ setFault }) => setFault(undefined),
});

const deployment = (name: string, env: Readonly<Record<string, string>>): Disaster => ({
  name,
  strike: ({ deploy }) => deploy(env),
  end: ({ rollBack }) => rollBack(),
});

/** Port 9, where nobody listens. */
const NOBODY = '127.0.0.1:9';

export const DISASTERS: readonly Disaster[] = [
  upstream('Tiki is down', 'tiki-down'),
  upstream('Tiki is silent', 'tiki-silent'),
  upstream("IAM's quota is exhausted", 'iam-quota'),
  deployment('Firestore is gone', {
    RATE_LIMIT_STORE: 'firestore',
    FIRESTORE_EMULATOR_HOST: NOBODY,
  }),
  // As after `echo … | firebase functions:secrets:set`, which adds a line break.
  deployment('A wrong deployment', { TIKI_CLIENT_SECRET: 'bench-client-secret ' }),
  deployment('A new secret', { TIKI_CLIENT_SECRET: 'new-client-secret\nbench-client-secret' }),
];
