import { readJson, recordOf, stringIn, type JsonRecord } from '../json';
import { exchangeAnswerIn, type ExchangeAnswer } from '../login/exchange-answer';
import type { Failure } from '../login/trace';
import type { Language } from '../language';

export type ExchangeOutcome =
  | { readonly kind: 'answer'; readonly status: number; readonly answer: ExchangeAnswer }
  | { readonly kind: 'failure'; readonly failure: Failure };

/**
 * Calls the bridge once, through Hosting's rewrite on the page's own origin. Does not use the client
 * library, whose retries would hide the bridge's answer.
 */
export async function exchangeCode(code: string, language: Language): Promise<ExchangeOutcome> {
  const response = await fetch('/auth_exchange', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Accept-Language': language },
    body: JSON.stringify({ code }),
  });
  const body = recordOf(await readJson(response));
  if (!response.ok) return { kind: 'failure', failure: failureOf(body, response.status) };
  return { kind: 'answer', status: response.status, answer: exchangeAnswerIn(body) };
}

function failureOf(problem: JsonRecord, status: number): Failure {
  const requestId = problem['requestId'];
  return {
    code: stringIn(problem, 'code'),
    detail: stringIn(problem, 'detail'),
    status,
    ...(typeof requestId === 'string' && { requestId }),
  };
}
