import type { Fault } from '@tiki-bridge/tiki-simulator/fault';
import type { Customer } from './customers';
import { isRecord, readJson, recordOf, stringIn, type JsonRecord } from './json';

/** What the app of this page may ask a customer for. */
export const SCOPES = ['user_profile', 'offline'] as const;
export type Scope = (typeof SCOPES)[number];

export function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text);
}

export interface CodeRequest {
  readonly customer: Customer;
  readonly scopes: readonly Scope[];
  /** Strikes the exchange of this one code. */
  readonly fault?: Fault;
}

/** One call that the bridge made to Tiki, as the simulator recorded it. */
export interface TikiCall {
  readonly path: string;
  /** `ok`, Tiki's reason for a refusal, or `fault:<kind>`. */
  readonly outcome: string;
  /** The beginning of `X-Tiniapp-Signature`. */
  readonly signature: string | undefined;
  /** Undefined while the call lasts. */
  readonly ms: number | undefined;
}

export interface Simulator {
  /** What `my.getAuthCode` does inside Tiki's app. */
  issueAuthCode(request: CodeRequest): Promise<string>;
  /** The bridge's calls for this code, in order. */
  callsFor(code: string): Promise<readonly TikiCall[]>;
}

export function connectSimulator(origin: string): Simulator {
  return {
    async issueAuthCode({ customer, scopes, fault }) {
      const response = await fetch(`${origin}/simulator/auth-codes`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          customerId: customer.id,
          customerName: customer.name,
          scopes,
          fault,
        }),
      });
      return stringIn(recordOf(await readJson(response)), 'authCode');
    },

    async callsFor(code) {
      const log = recordOf(await readJson(await fetch(`${origin}/simulator/calls`)))['calls'];
      return ownCalls(Array.isArray(log) ? log.filter(isRecord) : [], code);
    },
  };
}

/** The log shows this much of a code: enough to recognise it, not to use it. */
const SHOWN_OF_CODE = 8;

/**
 * The last exchange of this code, and the questions about the customer that directly follow it:
 * those carry an access token, which the page does not know.
 */
function ownCalls(log: readonly JsonRecord[], code: string): TikiCall[] {
  const mark = code.slice(0, SHOWN_OF_CODE);
  const first = log.findLastIndex((call) => {
    const sent = recordOf(call['body'])['code'];
    return typeof sent === 'string' && sent.startsWith(mark);
  });
  if (first < 0) return [];
  const following = log.slice(first + 1);
  const end = following.findIndex((call) => call['path'] !== '/oauth/me');
  return log.slice(first, end < 0 ? undefined : first + 1 + end).map((call) => ({
    path: stringIn(call, 'path'),
    outcome: stringIn(call, 'outcome'),
    signature: typeof call['signature'] === 'string' ? call['signature'] : undefined,
    ms: typeof call['ms'] === 'number' ? call['ms'] : undefined,
  }));
}
