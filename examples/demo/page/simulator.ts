import type { Fault } from '@tiki-bridge/tiki-simulator/fault';
import type { Customer } from './customers';
import { isRecord, readJson, recordOf, stringIn, type JsonRecord } from './json';

/** The scopes that this page can request. */
export const SCOPES = ['user_profile', 'offline'] as const;
export type Scope = (typeof SCOPES)[number];

export function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text);
}

export interface CodeRequest {
  readonly customer: Customer;
  readonly scopes: readonly Scope[];
  /** Applies to the exchange of this code. */
  readonly fault?: Fault;
}

/** A call from the bridge to Tiki, as recorded by the simulator. */
export interface TikiCall {
  readonly path: string;
  /** `ok`, Tiki's reason for a refusal, or `fault:<kind>`. */
  readonly outcome: string;
  /** The start of `X-Tiniapp-Signature`. */
  readonly signature: string | undefined;
  /** Undefined while the call is pending. */
  readonly ms: number | undefined;
}

export interface Simulator {
  /** Does what Tiki's app does for `my.getAuthCode`. */
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

/** The number of characters of a code in the log: recognizable, but not usable. */
const SHOWN_OF_CODE = 8;

/**
 * The last exchange of this code and the `/oauth/me` calls directly after it, which contain an
 * access token that the page does not know.
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
