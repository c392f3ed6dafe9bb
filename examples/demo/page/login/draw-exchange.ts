import type { Fault } from '@tiki-bridge/tiki-simulator/fault';
import type { ExchangeAnswer } from './exchange-answer';
import type { Recorder } from './recorder';
import type { Simulator } from '../simulator';
import { drawTikiCalls } from './tiki-calls';

/** An exchange that was answered, well or not. */
export interface Exchange {
  readonly code: string;
  /** What was to strike it. */
  readonly fault: Fault | undefined;
  /** Undefined when the bridge refused, or did not answer. */
  readonly answer: ExchangeAnswer | undefined;
  /** Milliseconds from the question to the answer. */
  readonly ms: number;
}

/** Draws what the bridge did between question and answer, which only Tiki's log can tell. */
export async function drawExchange(
  recorder: Recorder,
  simulator: Simulator,
  { code, fault, answer, ms }: Exchange,
): Promise<void> {
  // Without the log its part stays undrawn, and the rest goes on.
  const calls = await recorder.aside(() => simulator.callsFor(code).catch(() => []));
  const drawn = drawTikiCalls(recorder.run.steps, calls, fault, answer !== undefined);
  recorder.update({ steps: drawn, ...(answer && { answer }) });
  if (!answer) return;
  const tikiMs = calls.reduce((sum, call) => sum + (call.ms ?? 0), 0);
  const mintedMs = Math.max(ms - tikiMs, 0);
  recorder.step('token-minted', { state: 'done', detail: answer.uid, ms: mintedMs });
}
