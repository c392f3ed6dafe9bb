import type { Deadline } from '../clock';

/** What a call to an upstream has to know about the request that it is made for. */
export interface RequestContext {
  /** How much of the request's time is left. */
  readonly deadline: Deadline;
  /**
   * Whose request it is, such as a client address or a uid. Only compared: a circuit breaker gives
   * each caller a small share of its verdict, so that one cannot turn the others away.
   */
  readonly caller: string;
}
