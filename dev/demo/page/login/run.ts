import type { Fault } from '../../../tiki-simulator/fault';
import { failureFrom, type ExchangeOutcome } from './bridge';
import { createRecorder, type Recorder, type Run } from './recorder';
import type { CodeRequest, Simulator } from './simulator';
import { drawTikiCalls } from './tiki-calls';
import { insert, PLANNED_EXCHANGE, PLANNED_LOGIN } from './trace';

/** Where the code that the bridge gets comes from. */
export type CodeSource =
  | ({ readonly kind: 'issued' } & CodeRequest)
  /** Exchanged once before, so that the run shows the second use. */
  | ({ readonly kind: 'used' } & CodeRequest)
  /** Tiki never gave it out. */
  | { readonly kind: 'invented'; readonly code: string };

export interface LoginEffects {
  readonly simulator: Simulator;
  readonly exchange: (code: string) => Promise<ExchangeOutcome>;
  /** Returns the ID token. Without it the run ends with the bridge's answer. */
  readonly signIn?: (customToken: string) => Promise<string>;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
}

/** Carries one login through and reports every step as it happens. Never rejects. */
export async function runLogin(
  id: number,
  source: CodeSource,
  effects: LoginEffects,
  report: (run: Run) => void,
): Promise<Run> {
  const plan = effects.signIn ? PLANNED_LOGIN : PLANNED_EXCHANGE;
  const recorder = createRecorder(id, plan, effects.now, report);
  try {
    const code = await getCode(source, effects, recorder);
    if (source.kind === 'used') await useOnce(code, effects, recorder);
    const outcome = await exchange(code, faultOf(source), effects, recorder);
    if (outcome.kind === 'failure') {
      recorder.fail(outcome.failure);
      return recorder.run;
    }
    if (effects.signIn) await signIn(outcome.answer.customToken, effects.signIn, recorder);
    recorder.succeed();
  } catch (thrown) {
    recorder.fail(failureFrom(thrown));
  }
  return recorder.run;
}

async function getCode(
  source: CodeSource,
  { simulator }: LoginEffects,
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
  effects: LoginEffects,
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
  effects: LoginEffects,
  recorder: Recorder,
): Promise<ExchangeOutcome> {
  const { result, ms } = await recorder.timed('exchange-asked', 'exchange-answered', () =>
    effects.exchange(code),
  );
  recorder.update({ exchangeMs: ms });
  const calls = await effects.simulator.callsFor(code);
  const exchanged = result.kind === 'answer';
  recorder.update({ steps: drawTikiCalls(recorder.run.steps, calls, fault, exchanged) });
  if (result.kind === 'answer') {
    const { answer, status } = result;
    const tikiMs = calls.reduce((sum, call) => sum + (call.ms ?? 0), 0);
    const mintedMs = Math.max(ms - tikiMs, 0);
    recorder.step('token-minted', { state: 'done', detail: answer.uid, ms: mintedMs });
    recorder.step('exchange-answered', { state: 'done', ms });
    recorder.update({ answer, status });
  }
  return result;
}

async function signIn(
  customToken: string,
  signInWithCustomToken: (customToken: string) => Promise<string>,
  { step, timed, update }: Recorder,
): Promise<void> {
  const { result: idToken, ms } = await timed('sign-in-asked', 'signed-in', () =>
    signInWithCustomToken(customToken),
  );
  step('signed-in', { state: 'done', ms });
  update({ idToken });
}

function faultOf(source: CodeSource): Fault | undefined {
  return source.kind === 'invented' ? undefined : source.fault;
}
