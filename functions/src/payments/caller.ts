import type { Deadline } from '../clock';
import { header, type IncomingRequest } from '../http/request';
import { Problem } from '../problem';
import type { Naming } from '../providers/provider';
import type { SessionReader } from '../sessions/read-session';

/** A customer whom this bridge has signed in. */
export interface Caller {
  readonly uid: string;
  /** On the platform. */
  readonly customerId: string;
  /** To be sent along with the answer. */
  readonly setCookie: string | undefined;
}

/**
 * Who is asking. A request that changes something needs a session that was not revoked and, with a
 * cookie, its CSRF token.
 *
 * @throws Problem `unauthenticated`; `forbidden` for a forged request, and for users of the project
 *   who are no customers of the platform
 */
export async function callerOf(
  request: IncomingRequest,
  { reader, naming }: { readonly reader: SessionReader; readonly naming: Naming },
  deadline: Deadline,
): Promise<Caller> {
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  const result = await reader.read(request, { checkRevoked: changes }, deadline);
  if (!result.ok) throw new Problem('unauthenticated');
  const { session, setCookie } = result;
  // A cookie comes with requests of foreign sites too.
  if (changes && session.via === 'cookie') {
    if (await reader.isForged(request, header(request, 'x-csrf-token'))) {
      throw new Problem('forbidden');
    }
  }
  const { claims, uid } = session;
  const customerId = claims[naming.customerIdClaim];
  const isCustomer =
    claims['provider'] === naming.name &&
    typeof customerId === 'string' &&
    naming.uidPrefix + customerId === uid;
  if (!isCustomer) throw new Problem('forbidden');
  return { uid, customerId, setCookie };
}
