import type { RequestBehaviour } from './behaviour';
import type { WireAnswer } from './transport';

export interface Delivery {
  readonly callback: 'success' | 'fail';
  readonly value: unknown;
}

export const success = (value?: unknown): Delivery => ({ callback: 'success', value });
export const fail = (value?: unknown): Delivery => ({ callback: 'fail', value });

/** The runtime parses the body if it is JSON. */
function parsed(body: string, text: boolean): unknown {
  if (text) return body;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}

function envelope(answer: WireAnswer, data: unknown, { status, headers }: RequestBehaviour) {
  return {
    data,
    ...(status && { status: answer.status, statusText: 'OK' }),
    ...(headers !== 'none' && {
      headers: headers === 'map' ? { map: answer.headers } : answer.headers,
    }),
  };
}

function failure(answer: WireAnswer, data: unknown, behaviour: RequestBehaviour): unknown {
  switch (behaviour.failure) {
    case 'envelope':
      return { error: 19, errorMessage: 'http error', ...envelope(answer, data, behaviour) };
    case 'empty-envelope':
      return { error: 19, errorMessage: 'http error', status: answer.status };
    case 'body':
      return data;
    case 'body-as-text':
      return answer.body;
    case 'status':
      return { error: answer.status, errorMessage: 'http error' };
    case 'sentence':
      return `Request failed with status code ${answer.status}`;
    case 'long-sentence':
      return {
        error: 19,
        errorMessage: `Response status code does not indicate success: ${answer.status}.`,
      };
    case 'nothing':
      return { error: 19, errorMessage: 'http error' };
  }
}

/** Which callback gets what. The envelope is only delivered if requested. */
export function deliver(
  answer: WireAnswer,
  includeHeader: boolean,
  behaviour: RequestBehaviour,
): Delivery {
  const data = parsed(answer.body, behaviour.text);
  if (answer.status >= 400 && behaviour.errors === 'fail') {
    return { callback: 'fail', value: failure(answer, data, behaviour) };
  }
  const bare = behaviour.success === 'bare' || !includeHeader;
  return { callback: 'success', value: bare ? data : envelope(answer, data, behaviour) };
}

export function networkFailure({ networkFailure: shape }: RequestBehaviour, what: string): unknown {
  return shape === 'string' ? what : { error: 12, errorMessage: what };
}
