import type { Success } from './envelope';
import type { Fault } from './fault';
import type { FailureReason } from './types';

export interface Refusal {
  readonly reason: FailureReason;
  /** For the developer, in the call log; not part of the answer. */
  readonly problem: string;
}

/** What a call comes to. A fault is that of the code which was exchanged. */
export type CallResult =
  { readonly success: Success; readonly fault?: Fault } | { readonly refusal: Refusal };

export function refuse(reason: FailureReason, problem: string): Refusal {
  return { reason, problem };
}
