import { join } from 'node:path';
import { startChild } from '../child';

/** Where the upstreams listen. */
export interface UpstreamAddresses {
  /** `http://127.0.0.1:<port>`, a base URL as TIKI_API_BASE_URL takes it. */
  readonly tiki: string;
  /** `127.0.0.1:<port>`; speaks TLS as iamcredentials.googleapis.com. */
  readonly signBlob: string;
  /** `127.0.0.1:<port>`; the same without TLS. */
  readonly signBlobPlain: string;
  /** `{"host:port": "127.0.0.1:port"}` for `startFunction`. */
  readonly mapHosts: Readonly<Record<string, string>>;
  /** PEM of the authority behind `signBlob`'s certificate. */
  readonly caPem: string;
}

/** Set for all requests from now on; without `latencyMs` nothing changes. */
export interface UpstreamSettings {
  readonly latencyMs?: number;
}

/** The answer to settings. */
export interface UpstreamReport {
  /** CPU used since the process started, milliseconds. */
  readonly cpuMs: number;
}

export interface Upstreams {
  readonly addresses: UpstreamAddresses;
  /** What Tiki and signBlob each take to answer from now on, milliseconds. */
  readonly setLatency: (latencyMs: number) => Promise<void>;
  /** CPU used since the process started, milliseconds. */
  readonly cpuMs: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** Starts Tiki, signBlob and the metadata server in a process of their own, main.ts. */
export async function startUpstreams(): Promise<Upstreams> {
  const child = startChild(join(__dirname, 'main.ts'));
  // main.ts types both of its messages with the interfaces above.
  const set = async (settings: UpstreamSettings) => (await child.ask(settings)) as UpstreamReport;
  return {
    addresses: (await child.ask()) as UpstreamAddresses,
    setLatency: async (latencyMs) => {
      await set({ latencyMs });
    },
    cpuMs: async () => (await set({})).cpuMs,
    stop: child.stop,
  };
}
