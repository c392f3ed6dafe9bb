import type { Usage } from '@tiki-bridge/testing/process/probe';

/** Something that answers `POST /auth_exchange`. */
export interface Endpoint {
  /** For messages. */
  readonly name: string;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
}

/** An endpoint in a process of its own. */
export interface Target extends Endpoint {
  /** What its process has used so far. */
  readonly usage: () => Promise<Usage>;
  /** Like `usage`, after a full garbage collection. */
  readonly usageAfterCollection: () => Promise<Usage>;
  readonly stop: () => Promise<void>;
}

/** Starts the function in `folder`, with these variables in addition. */
export type StartFunction = (
  folder: string,
  env?: Readonly<Record<string, string>>,
) => Promise<Target>;
