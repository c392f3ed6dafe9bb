import { recordOf } from '../json';
import type { Failure } from './trace';

/**
 * Converts a thrown value for the diagram. The library's errors have a code, a message in the page's
 * language and, if the bridge answered, its problem with the request id; a network failure of the
 * page itself only has a message.
 */
export function failureFrom(thrown: unknown): Failure {
  const { code, extras } = recordOf(thrown);
  const { status, body } = recordOf(extras);
  const { requestId } = recordOf(body);
  return {
    code: typeof code === 'string' ? code : 'unreachable',
    detail: thrown instanceof Error ? thrown.message : String(thrown),
    ...(typeof status === 'number' && { status }),
    ...(typeof requestId === 'string' && { requestId }),
  };
}
