import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallLog, CallRecord } from './call-log';
import { deliver } from './deliver';
import type { Decision } from './open-api';
import { readBody } from './read-body';
import { API_PATH, header, type ReceivedRequest } from './request-check';

/** Four times the size that the documented bodies can reach. */
const LARGEST_BODY = 64 * 1024;

export interface ServeOpenApiOptions {
  readonly decide: (request: ReceivedRequest) => Decision;
  readonly log: CallLog;
  readonly now: () => number;
}

/** Records each call before it is answered, so that a call without an answer is recorded too. */
export async function serveOpenApi(
  request: IncomingMessage,
  response: ServerResponse,
  { decide, log, now }: ServeOpenApiOptions,
): Promise<void> {
  const { method = '', url: target = '', headers } = request;
  const record = (rawBody: string, decided: Pick<CallRecord, 'outcome' | 'problem'>) =>
    log.record({
      method,
      path: target.startsWith(`${API_PATH}/`) ? target.slice(API_PATH.length) : target,
      at: now(),
      timestampHeader: header(headers, 'x-tiniapp-timestamp'),
      clientId: header(headers, 'x-tiniapp-client-id'),
      clientKeyHeader: header(headers, 'x-tiniapp-client-key'),
      signature: header(headers, 'x-tiniapp-signature'),
      rawBody,
      outcome: decided.outcome,
      problem: decided.problem,
    });

  const body = await readBody(request, LARGEST_BODY).catch(() => undefined);
  if (body === undefined) {
    const finish = record('', { outcome: 'aborted', problem: 'the request was aborted' });
    finish();
    return;
  }
  const { bytes, tooLarge } = body;
  const decision = decide({ method, target, headers, body: bytes, bodyTooLarge: tooLarge });
  response.once('close', record(bytes.toString('utf8'), decision));
  deliver(response, decision.answer, decision.fault);
}
