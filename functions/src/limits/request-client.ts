import { header, type IncomingRequest } from '../http/request';
import { clientOf, type Client } from './client-address';
import type { Networks } from './networks';

/** Whose request it is, by what its headers and its connection say. */
export function requestClient(request: IncomingRequest, isTrustedProxy: Networks): Client {
  return clientOf(
    {
      forwardedFor: header(request, 'x-forwarded-for'),
      hostingClient: header(request, 'fastly-client-ip'),
      peer: request.socket.remoteAddress,
    },
    isTrustedProxy,
  );
}
