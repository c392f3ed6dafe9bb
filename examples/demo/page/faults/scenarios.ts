import type { ProblemCode } from '../../../../functions/src/problem';
import type { Fault } from '@tiki-bridge/tiki-simulator/fault';

export type ScenarioGroup = 'code' | 'time' | 'line' | 'answer' | 'id' | 'refusal';

/** The documented result: `ok` or a problem code. */
export type Expectation = 'ok' | ProblemCode;

interface ScenarioShape {
  readonly id: string;
  readonly group: ScenarioGroup;
  /** What is wrong with the code, or with Tiki's answer to its exchange. */
  readonly fault: Fault | 'invented-code' | 'used-code';
  readonly expect: Expectation;
}

/** "What happens when…", in order of display. */
export const SCENARIOS = [
  { group: 'code', id: 'unknown-code', fault: 'invented-code', expect: 'invalid-code' },
  {
    group: 'code',
    id: 'expired-code',
    // Tiki's answer to an expired code, without waiting for one to expire.
    fault: { kind: 'error-envelope', reason: 'invalid_code', status: 400 },
    expect: 'invalid-code',
  },
  { group: 'code', id: 'used-code', fault: 'used-code', expect: 'invalid-code' },

  { group: 'time', id: 'slow', fault: { kind: 'latency', ms: 1500 }, expect: 'ok' },
  { group: 'time', id: 'hang', fault: { kind: 'hang' }, expect: 'tiki-timeout' },
  {
    group: 'time',
    id: 'slow-body',
    fault: { kind: 'slow-body', ms: 20_000 },
    expect: 'tiki-timeout',
  },

  {
    group: 'line',
    id: 'unavailable',
    fault: { kind: 'status', status: 503, retryAfterSeconds: 5 },
    expect: 'tiki-unavailable',
  },
  { group: 'line', id: 'reset', fault: { kind: 'reset' }, expect: 'tiki-unavailable' },
  { group: 'line', id: 'redirect', fault: { kind: 'redirect' }, expect: 'tiki-bad-response' },

  { group: 'answer', id: 'missing-customer', fault: { kind: 'missing-customer' }, expect: 'ok' },
  { group: 'answer', id: 'garbage', fault: { kind: 'garbage' }, expect: 'tiki-bad-response' },
  { group: 'answer', id: 'html', fault: { kind: 'html' }, expect: 'tiki-bad-response' },
  { group: 'answer', id: 'empty', fault: { kind: 'empty' }, expect: 'tiki-bad-response' },
  {
    group: 'answer',
    id: 'wrong-types',
    fault: { kind: 'wrong-types' },
    expect: 'tiki-bad-response',
  },
  {
    group: 'answer',
    id: 'oversized',
    fault: { kind: 'oversized', bytes: 1_000_000 },
    expect: 'tiki-bad-response',
  },

  {
    group: 'id',
    id: 'id-exponent',
    fault: { kind: 'customer-id', json: '1e3' },
    expect: 'tiki-bad-response',
  },
  {
    group: 'id',
    id: 'id-float',
    fault: { kind: 'customer-id', json: '1042.5' },
    expect: 'tiki-bad-response',
  },
  {
    group: 'id',
    id: 'id-zero',
    fault: { kind: 'customer-id', json: '0' },
    expect: 'tiki-bad-response',
  },
  {
    group: 'id',
    id: 'id-negative',
    fault: { kind: 'customer-id', json: '-1042' },
    expect: 'tiki-bad-response',
  },

  {
    group: 'refusal',
    id: 'refusal-with-200',
    fault: { kind: 'error-envelope', reason: 'invalid_code', status: 200 },
    expect: 'invalid-code',
  },
  {
    group: 'refusal',
    id: 'invalid-signature',
    fault: { kind: 'error-envelope', reason: 'invalid_signature', status: 400 },
    expect: 'tiki-rejected-signature',
  },
] as const satisfies readonly ScenarioShape[];

export type Scenario = (typeof SCENARIOS)[number];
export type ScenarioId = Scenario['id'];
