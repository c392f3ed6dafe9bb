/** Where the upstreams listen, and what a target needs to be sent there. */
export interface UpstreamAddresses {
  /** `http://127.0.0.1:<port>`, a base URL as TIKI_API_BASE_URL takes it. */
  readonly tiki: string;
  /** `127.0.0.1:<port>`; speaks TLS as iamcredentials.googleapis.com. */
  readonly signBlob: string;
  /** `{"host:port": "127.0.0.1:port"}` for `startFunction`. */
  readonly mapHosts: Readonly<Record<string, string>>;
  /** PEM of the authority behind `signBlob`'s certificate. */
  readonly caPem: string;
}

/** Milliseconds that each upstream takes to answer. */
export interface Latencies {
  readonly tikiMs: number;
  readonly signBlobMs: number;
}

/** What the process of the upstreams says of itself when its latencies are set. */
export interface UpstreamReport {
  /** CPU used since it started, milliseconds. */
  readonly cpuMs: number;
}
