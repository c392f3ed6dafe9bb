import { EntitlementError, parseCustomerUid, parseInstant } from '../../../functions/src/operator';
import { UsageError } from './usage-error';

/**
 * @returns `tiki:<customer id>`
 * @throws UsageError
 */
export function parseUid(text: string): string {
  try {
    return parseCustomerUid(text);
  } catch (error) {
    throw error instanceof EntitlementError ? new UsageError(error.message) : error;
  }
}

/**
 * With its zone: an operator may be far from the project, and from the machine.
 *
 * @returns epoch ms
 * @throws UsageError
 */
export function parseTime(option: string, text: string): number {
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  throw new UsageError(
    `${option} must be a time with its zone, on a day of the calendar, e.g. 2027-01-01T00:00:00+07:00`,
  );
}
