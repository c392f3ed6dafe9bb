import { recordOf } from '../json';
import type { Around, Call } from '../my/observation';
import type { Outcome } from '../my/outcome';
import { drawExchange } from './draw-exchange';
import { exchangeAnswerIn, type ExchangeAnswer } from './exchange-answer';
import type { Recorder } from './recorder';
import { foldExchange, foldSignIn } from './attempts';
import type { Simulator } from '../simulator';
import { insert, type Step, type StepId } from './trace';

type AskedAndAnswered = readonly [asked: StepId, answered: StepId];

/** The steps drawn for each call. A call with one step does not leave the app. */
const STEPS_BY_NAME: Readonly<Partial<Record<Call['name'], AskedAndAnswered>>> = {
  getAuthCode: ['code-asked', 'code-given'],
  getUserInfo: ['customer-asked', 'customer-given'],
  getStorage: ['session-read', 'session-read'],
  setStorage: ['session-kept', 'session-kept'],
};

const STEPS_BY_PATH: Readonly<Record<string, AskedAndAnswered>> = {
  '/auth_exchange': ['exchange-asked', 'exchange-answered'],
  '/identitytoolkit/v1/accounts:signInWithCustomToken': ['sign-in-asked', 'signed-in'],
};

/**
 * Draws the library's calls of `my` as they happen. An answer is passed on after it is drawn, so
 * that the steps stay in order.
 */
export function watchSteps(recorder: Recorder, simulator: Simulator): Around {
  return async (call, carryOut) => {
    const [asked, answered] = stepsOf(call) ?? [];
    if (asked === 'customer-asked') recorder.update({ steps: withCustomer(recorder.run.steps) });
    if (!asked || !answered || !recorder.run.steps.some(({ id }) => id === asked)) {
      return carryOut();
    }
    if (asked === 'exchange-asked') recorder.update({ steps: foldExchange(recorder.run.steps) });
    if (asked === 'sign-in-asked') recorder.update({ steps: foldSignIn(recorder.run.steps) });
    const { result: outcome, ms } = await recorder.timed(asked, answered, carryOut);
    const refusal = refusalIn(outcome);
    if (asked === 'exchange-asked') {
      const code = String(recordOf(call.options['data'])['code']);
      const answer = refusal === undefined ? answerIn(outcome) : undefined;
      await drawExchange(recorder, simulator, { code, fault: undefined, ms, answer });
    }
    recorder.step(answered, {
      state: refusal === undefined ? 'done' : 'failed',
      ms,
      ...(refusal !== undefined && { label: refusal }),
    });
    return outcome;
  };
}

/** Not part of the plan: the library only checks the customer if it may have changed. */
function withCustomer(steps: readonly Step[]): readonly Step[] {
  if (steps.some(({ id }) => id === 'customer-asked')) return steps;
  return insert(steps, ['customer-asked', 'customer-given'], 'session-kept');
}

function stepsOf({ name, options }: Call): AskedAndAnswered | undefined {
  const { url, key } = options;
  // A login depends neither on what listeners have cached nor on purchases.
  if (typeof key === 'string' && /^tiki-firebase-(listen|payments)-/.test(key)) return undefined;
  if (name !== 'request') return STEPS_BY_NAME[name];
  return typeof url === 'string' ? STEPS_BY_PATH[new URL(url).pathname] : undefined;
}

/** The status of a refusal, with the problem's code or Google's message. */
function refusalIn({ callback, value }: Outcome): string | undefined {
  if (callback === 'fail') return value.error;
  const { status, data } = recordOf(value);
  if (typeof status !== 'number' || status < 400) return undefined;
  const { code, error } = recordOf(data);
  const { message } = recordOf(error);
  const words = [code, message].filter((word) => typeof word === 'string');
  return [status, ...words].join(' ');
}

/** Undefined for a malformed answer, which the library rejects too. */
function answerIn({ value }: Outcome): ExchangeAnswer | undefined {
  try {
    return exchangeAnswerIn(recordOf(recordOf(value)['data']));
  } catch {
    return undefined;
  }
}
