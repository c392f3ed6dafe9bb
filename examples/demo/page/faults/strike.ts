import type { Fault } from '@tiki-bridge/tiki-simulator/fault';
import { drawExchange } from '../login/draw-exchange';
import { failureFrom } from '../login/failure';
import { createRecorder, type Recorder, type Run } from '../login/recorder';
import type { CodeRequest, Simulator } from '../simulator';
import { insert, PLANNED_EXCHANGE } from '../login/trace';
import type { ExchangeOutcome } from './bridge';

/** Where the code for the bridge comes from. */
export type CodeSource =
  | ({ readonly kind: 'issued' } & CodeRequest)
  /** Already exchanged once, so that the run shows the second use. */
  | ({ readonly kind: 'used' } & CodeRequest)
  /** Never issued by Tiki. */
  | { readonly kind: 'invented'; readonly code: string };

export interface StrikeEffects {
  readonly simulator: Simulator;
  readonly exchange: (code: string) => Promise<ExchangeOutcome>;
  /** Monotonic clock, ms. */
  readonly now: () => number;
}

/** Runs one exchange up to the bridge's answer. Never rejects. */
export async function strike(
  id: number,
  source: CodeSource,
  effects: StrikeEffects,
  report: (run: Run) => void,
): Promise<Run> {
  const recorder = createRecorder(id, PLANNED_EXCHANGE, effects.now, report);
  try {
    const code = await getCode(source, effects, recorder);
    if (source.kind === 'used') await useOnce(code, effects, recorder);
    const outcome = await exchange(code, faultOf(source), effects, recorder);
    if (outcome.kind === 'failure') recorder.fail(outcome.failure);
    else recorder.succeed();
  } catch (thrown) {
    recorder.fail(failureFrom(thrown));
  }
  return recorder.run;
}

async function getCode(
  source: CodeSource,
  { simulator }: StrikeEffects,
  { run, step, timed, update }: Recorder,
): Promise<string> {
  if (source.kind === 'invented') {
    update({ steps: run.steps.filter(({ id }) => id !== 'code-asked' && id !== 'code-given') });
    return source.code;
  }
  const { result: code, ms } = await timed('code-asked', 'code-given', () =>
    simulator.issueAuthCode(source),
  );
  step('code-given', { state: 'done', ms });
  return code;
}

async function useOnce(
  code: string,
  effects: StrikeEffects,
  { run, step, timed, update }: Recorder,
): Promise<void> {
  update({ steps: insert(run.steps, ['first-use-asked', 'first-use-answered'], 'exchange-asked') });
  const { result, ms } = await timed('first-use-asked', 'first-use-answered', () =>
    effects.exchange(code),
  );
  const failed = result.kind === 'failure' && { label: result.failure.code };
  step('first-use-answered', { state: failed ? 'failed' : 'done', ms, ...failed });
}

async function exchange(
  code: string,
  fault: Fault | undefined,
  { exchange, simulator }: StrikeEffects,
  recorder: Recorder,
): Promise<ExchangeOutcome> {
  const { result, ms } = await recorder.timed('exchange-asked', 'exchange-answered', () =>
    exchange(code),
  );
  recorder.update({ exchangeMs: ms });
  const answered = result.kind === 'answer' ? result : undefined;
  await drawExchange(recorder, simulator, { code, fault, ms, answer: answered?.answer });
  if (answered) {
    recorder.step('exchange-answered', { state: 'done', ms });
    recorder.update({ status: answered.status });
  }
  return result;
}

function faultOf(source: CodeSource): Fault | undefined {
  return source.kind === 'invented' ? undefined : source.fault;
}
