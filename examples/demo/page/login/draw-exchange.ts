import type { Fault } from '@tiki-bridge/tiki-simulator/fault';
import type { ExchangeAnswer } from './exchange-answer';
import type { Recorder } from './recorder';
import type { Simulator } from '../simulator';
import { drawTikiCalls } from './tiki-calls';

/** A finished exchange. */
export interface Exchange {
  readonly code: string;
  /** The fault that was injected. */
  readonly fault: Fault | undefined;
  /** Undefined if the bridge refused or did not answer. */
  readonly answer: ExchangeAnswer | undefined;
  /** Milliseconds from request to answer. */
  readonly ms: number;
}

/** Draws the bridge's own calls during an exchange, which are only in Tiki's log. */
export async function drawExchange(
  recorder: Recorder,
  simulator: Simulator,
  { code, fault, answer, ms }: Exchange,
): Promise<void> {
  // Without the log, those calls are not drawn.
  const calls = await recorder.aside(() => simulator.callsFor(code).catch(() => []));
  const drawn = drawTikiCalls(recorder.run.steps, calls, fault, answer !== undefined);
  recorder.update({ steps: drawn, ...(answer && { answer }) });
  if (!answer) return;
  const tikiMs = calls.reduce((sum, call) => sum + (call.ms ?? 0), 0);
  const mintedMs = Math.max(ms - tikiMs, 0);
  recorder.step('token-minted', { state: 'done', detail: answer.uid, ms: mintedMs });
}
