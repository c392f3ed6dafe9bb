import type { Fault } from '@tiki-bridge/tiki-simulator/fault';
import type { TikiCall } from '../simulator';
import { change, insert, type Step } from './trace';

/**
 * Draws the bridge's calls to Tiki, which the page only knows from the simulator's log. A failed
 * exchange failed at the last of these calls.
 */
export function drawTikiCalls(
  steps: readonly Step[],
  calls: readonly TikiCall[],
  fault: Fault | undefined,
  exchanged: boolean,
): readonly Step[] {
  const asksForCustomer = calls.some((call) => call.path === '/oauth/me');
  const drawn = asksForCustomer
    ? insert(steps, ['me-asked', 'me-answered'], 'token-minted')
    : steps;
  return calls.reduce((before, call, position) => {
    const [asked, answered] = stepsOf(call);
    const failed = !exchanged && position === calls.length - 1;
    const signed = call.signature === undefined ? {} : { detail: call.signature };
    return change(change(before, asked, { state: 'done', ...signed }), answered, {
      state: failed ? 'failed' : 'done',
      ...(call.outcome !== 'ok' && { label: answerLabel(call.outcome, fault) }),
      ...(call.ms !== undefined && { ms: call.ms }),
    });
  }, drawn);
}

function stepsOf(call: TikiCall) {
  return call.path === '/oauth/me'
    ? (['me-asked', 'me-answered'] as const)
    : (['tiki-asked', 'tiki-answered'] as const);
}

/** What was returned instead of the customer: Tiki's reason, or the effect of the fault. */
function answerLabel(outcome: string, fault: Fault | undefined): string {
  if (!fault || outcome !== `fault:${fault.kind}`) return outcome;
  switch (fault.kind) {
    case 'error-envelope':
      return fault.reason;
    case 'status':
      return `HTTP ${fault.status}`;
    case 'customer-id':
      return `customer.id: ${fault.json}`;
    default:
      return fault.kind;
  }
}
