import { join } from 'node:path';
import { startChild } from '../child';
import type { UpstreamFault } from './faults';

/** Where the upstreams listen. */
export interface UpstreamAddresses {
  /** `http://127.0.0.1:<port>`, a base URL as TIKI_API_BASE_URL takes it. */
  readonly tiki: string;
  /** `127.0.0.1:<port>`, as FIREBASE_AUTH_EMULATOR_HOST takes it. */
  readonly auth: string;
  /** `127.0.0.1:<port>`; speaks TLS as iamcredentials.googleapis.com. */
  readonly signBlob: string;
  /** `127.0.0.1:<port>`; the same without TLS. */
  readonly signBlobPlain: string;
  /** `{"host:port": "127.0.0.1:port"}` for `startFunction`. */
  readonly mapHosts: Readonly<Record<string, string>>;
  /** PEM of the authority behind `signBlob`'s certificate. */
  readonly caPem: string;
}

/** For all requests from now on. */
export interface UpstreamSettings {
  /** How long Tiki and signBlob each take to answer, milliseconds. */
  readonly latencyMs: number;
  /** Undefined: nothing is wrong. */
  readonly fault?: UpstreamFault;
}

export interface Upstreams {
  readonly addresses: UpstreamAddresses;
  /** How long Tiki and signBlob each take to answer from now on, milliseconds. */
  readonly setLatency: (latencyMs: number) => Promise<void>;
  /** What is wrong from now on; undefined: nothing. They answer after 50 ms. */
  readonly setFault: (fault: UpstreamFault | undefined) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts Tiki, signBlob and the metadata server in a process of their own, main.ts. */
export async function startUpstreams(): Promise<Upstreams> {
  const child = startChild(join(__dirname, 'main.ts'));
  return {
    addresses: (await child.ask()) as UpstreamAddresses, // main.ts checks its type.
    setLatency: async (latencyMs) => {
      await child.ask({ latencyMs } satisfies UpstreamSettings);
    },
    setFault: async (fault) => {
      await child.ask({ latencyMs: 50, ...(fault && { fault }) } satisfies UpstreamSettings);
    },
    stop: child.stop,
  };
}
