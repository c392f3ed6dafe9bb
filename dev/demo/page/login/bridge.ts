import { isRecord, readJson, recordOf, stringIn, stringsIn } from '../json';
import type { Language } from '../text/texts';
import type { Failure } from './trace';

/** The bridge's answer to `POST /auth_exchange`, as far as the page shows it. */
export interface ExchangeAnswer {
  readonly customToken: string;
  readonly uid: string;
  readonly scopes: readonly string[];
}

export type ExchangeOutcome =
  | { readonly kind: 'answer'; readonly status: number; readonly answer: ExchangeAnswer }
  | { readonly kind: 'failure'; readonly failure: Failure };

/** Asks the bridge, over Hosting's rewrite on the page's own origin, as a Tini App would. */
export async function exchangeCode(code: string, language: Language): Promise<ExchangeOutcome> {
  const response = await fetch('/auth_exchange', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Accept-Language': language },
    body: JSON.stringify({ code }),
  });
  const body = recordOf(await readJson(response));
  if (!response.ok) return { kind: 'failure', failure: failureOf(body, response.status) };
  return {
    kind: 'answer',
    status: response.status,
    answer: {
      customToken: stringIn(body, 'customToken'),
      uid: stringIn(body, 'uid'),
      scopes: stringsIn(body, 'scopes'),
    },
  };
}

function failureOf(problem: Readonly<Record<string, unknown>>, status: number): Failure {
  const requestId = problem['requestId'];
  return {
    code: stringIn(problem, 'code'),
    detail: stringIn(problem, 'detail'),
    status,
    ...(typeof requestId === 'string' && { requestId }),
  };
}

/** For what is thrown on the way: Firebase's errors have a code, a lost connection has none. */
export function failureFrom(thrown: unknown): Failure {
  const code = isRecord(thrown) ? thrown['code'] : undefined;
  return {
    code: typeof code === 'string' ? code : 'unreachable',
    detail: thrown instanceof Error ? thrown.message : String(thrown),
  };
}
