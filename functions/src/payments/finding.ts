import { describeError } from '../log/describe-error';
import { ENTITLEMENT_ERRORS, EntitlementError } from '../premium/entitlement-error';
import { Problem, PROBLEMS } from '../problem';
import { MalformedOrder } from './order';

/** What an order can need attention for. All but the last three are for an operator. */
export const FINDINGS = [
  /** Not of the documented shape. */
  'malformed',
  /** Tiki's order is not the one that we created: nothing of it was recorded. */
  'mismatch',
  /** Tiki does not know the order, or sends it malformed. */
  'missing',
  /** Tiki has a word for its state that is not documented: nothing was concluded from it. */
  'unknown-status',
  /** Tiki's order is in a state that ours cannot get to. */
  'differs',
  /** Being delivered, and no payment is known: cash on delivery, or a payment that was missed. */
  'unpaid',
  /** Cancelled at Tiki, as too many others in this run: premium was not withdrawn. */
  'withheld',
  /** Paid, but not among the user's purchases: it was not completed at Tiki. */
  'no-purchase',
  /** Stored, but not on the account. */
  'not-projected',
  /** Delivered, and not declared so at Tiki. */
  'not-completed',
  /** Firestore or Tiki failed. */
  'failed',
] as const;

/** What needs attention. */
export interface Finding {
  readonly reference: string;
  readonly kind: (typeof FINDINGS)[number];
  /** What differs, or the failure: its code, or its message if nobody expected it. */
  readonly detail?: string;
  /** It is less than an hour old, and the next runs may settle it. All others need an operator. */
  readonly mayPass?: boolean;
}

/** Never throws: an order that nobody expected must not keep a run from those after it. */
function describe(error: unknown): string {
  if (error instanceof Problem || error instanceof EntitlementError) return error.code;
  if (error instanceof MalformedOrder) return 'malformed';
  const { name, message } = describeError(error, []);
  return `${name}: ${message}`;
}

function mayPass(error: unknown): boolean {
  if (error instanceof Problem) return PROBLEMS[error.code].retry !== 'no';
  if (error instanceof EntitlementError) return ENTITLEMENT_ERRORS[error.code].retry;
  return !(error instanceof MalformedOrder);
}

/** What was not done because of an error. */
export function failure(reference: string, kind: Finding['kind'], error: unknown): Finding {
  return { reference, kind, detail: describe(error), mayPass: mayPass(error) };
}
