import http2 from 'node:http2';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import type { AccessTokens } from './access-tokens';
import { type FcmMessage, readMessage } from './fcm-message';
import { IAM_FAULTS, missingCredential } from './iam-errors';
import { type Answer, jsonAnswer } from './loopback-fake';

export const FCM_HOST = 'fcm.googleapis.com';

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';

/** Google's envelope with FCM's own code: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode */
function fcmError(code: number, status: string, errorCode: string, message: string): Answer {
  return jsonAnswer(code, {
    error: { code, message, status, details: [{ '@type': FCM_ERROR, errorCode }] },
  });
}

function denied(message: string, reason: string): Answer {
  return jsonAnswer(403, {
    error: {
      code: 403,
      message,
      status: 'PERMISSION_DENIED',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' },
      ],
    },
  });
}

const FCM_ANSWERS = {
  UNREGISTERED: fcmError(404, 'NOT_FOUND', 'UNREGISTERED', 'Requested entity was not found.'),
  INVALID_ARGUMENT: fcmError(
    400,
    'INVALID_ARGUMENT',
    'INVALID_ARGUMENT',
    'The registration token is not a valid FCM registration token',
  ),
  SENDER_ID_MISMATCH: fcmError(403, 'PERMISSION_DENIED', 'SENDER_ID_MISMATCH', 'SenderId mismatch'),
  QUOTA_EXCEEDED: fcmError(
    429,
    'RESOURCE_EXHAUSTED',
    'QUOTA_EXCEEDED',
    'Quota exceeded for quota metric Messages per minute.',
  ),
  UNAVAILABLE: fcmError(503, 'UNAVAILABLE', 'UNAVAILABLE', 'The service is currently unavailable.'),
  INTERNAL: fcmError(500, 'INTERNAL', 'INTERNAL', 'Internal error encountered.'),
  THIRD_PARTY_AUTH_ERROR: fcmError(
    401,
    'UNAUTHENTICATED',
    'THIRD_PARTY_AUTH_ERROR',
    'Auth error from APNS or Web Push Service',
  ),
  'permission-denied': denied(
    "Permission 'cloudmessaging.messages.create' denied on resource '//cloudresourcemanager.googleapis.com/projects/p' (or it may not exist).",
    'IAM_PERMISSION_DENIED',
  ),
  'api-disabled': denied(
    'Firebase Cloud Messaging API has not been used in project 123456789 before or it is disabled.',
    'SERVICE_DISABLED',
  ),
} as const satisfies Record<string, Answer>;

/**
 * A documented error, or a fault of the connection: the stream is reset; the whole HTTP/2 session ends
 * with GOAWAY, before or after this message was accepted; or nothing is ever answered.
 */
export type FcmFault =
  keyof typeof FCM_ANSWERS | 'reset' | 'goaway-before' | 'goaway-after' | 'hang';

export interface FcmFake {
  /** `127.0.0.1:<port>`, the format of MAP_HOSTS. */
  readonly address: string;
  /** Accepted messages, in the order of their arrival. */
  readonly messages: readonly FcmMessage[];
  /** All requests: the HTTP version, and the status or the fault. */
  readonly calls: readonly { readonly version: string; readonly outcome: number | FcmFault }[];
  /** How many TCP connections there were. */
  readonly sessions: () => number;
  /** Chosen for each message from now on; null clears it. */
  setFault(fault: ((message: FcmMessage) => FcmFault | null) | null): void;
  close(): Promise<void>;
}

/** Node's client drops what it is reading at a GOAWAY, so it gets the answers before that for certain. */
async function endSession(session: http2.Http2Session | undefined): Promise<void> {
  await new Promise((resolve) => session?.ping(resolve));
  session?.goaway(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);
  session?.destroy();
}

/**
 * Serves `POST /v1/projects/{project}/messages:send` over TLS, by HTTP/2 and HTTP/1.1. Checks the host,
 * path, access token, content type and every field of the message.
 * https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send
 */
export async function startFcm(options: {
  readonly projectId: string;
  readonly tokens: AccessTokens;
  readonly tls: { readonly keyPem: string; readonly certPem: string };
}): Promise<FcmFake> {
  const { projectId, tokens, tls } = options;
  const path = `/v1/projects/${projectId}/messages:send`;
  const messages: FcmMessage[] = [];
  const calls: { version: string; outcome: number | FcmFault }[] = [];
  const open = new Set<TLSSocket>();
  let sessions = 0;
  let served: Promise<unknown> = Promise.resolve();
  let faultFor: (message: FcmMessage) => FcmFault | null = () => null;

  function refusalOf(request: http2.Http2ServerRequest): Answer | undefined {
    const { method, url, headers } = request;
    const host = headers[':authority'] ?? headers.host;
    if (method !== 'POST' || url !== path || host?.replace(/:443$/, '') !== FCM_HOST) {
      return { status: 404, headers: { 'Content-Type': 'text/html' }, body: 'Not Found' };
    }
    const bearer = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
    if (bearer === undefined) return missingCredential;
    if (tokens.find(bearer) === undefined) return IAM_FAULTS.unauthenticated;
    const isJson = headers['content-type']?.startsWith('application/json') === true;
    return isJson ? undefined : FCM_ANSWERS.INVALID_ARGUMENT;
  }

  function accept(message: FcmMessage): Answer {
    messages.push(message);
    return jsonAnswer(200, { name: `projects/${projectId}/messages/${messages.length}` });
  }

  /** @param earlier Resolves when the requests before this one have been served. */
  async function serve(
    request: http2.Http2ServerRequest,
    response: http2.Http2ServerResponse,
    earlier: Promise<unknown>,
  ) {
    const body = await text(request).catch(() => null);
    if (body === null) return; // The caller aborted the request.
    const record = (outcome: number | FcmFault) => {
      calls.push({ version: request.httpVersion, outcome });
    };
    const answer = (given: Answer) => {
      record(given.status);
      response.writeHead(given.status, given.headers);
      response.end(given.body);
    };
    const refusal = refusalOf(request);
    if (refusal) {
      answer(refusal);
      return;
    }
    const message = readMessage(body);
    if ('fault' in message) {
      const shown = `Invalid value at '${message.fault}'`;
      answer(fcmError(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', shown));
      return;
    }
    const fault = faultFor(message);
    switch (fault) {
      case null:
        answer(accept(message));
        break;
      case 'hang':
        record(fault);
        break;
      case 'reset':
        record(fault);
        if (request.httpVersionMajor === 2)
          request.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
        else request.socket.destroy();
        break;
      case 'goaway-before':
      case 'goaway-after':
        record(fault);
        if (fault === 'goaway-after') messages.push(message);
        await earlier;
        if (request.httpVersionMajor === 2) await endSession(request.stream.session);
        else request.socket.destroy();
        break;
      default:
        answer(FCM_ANSWERS[fault]);
    }
  }

  const server = http2.createSecureServer(
    { key: tls.keyPem, cert: tls.certPem, allowHTTP1: true },
    (request, response) => {
      served = Promise.allSettled([served, serve(request, response, served)]);
    },
  );
  server.on('secureConnection', (socket: TLSSocket) => {
    sessions += 1;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on('sessionError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not bound to a TCP port');
  return {
    address: `127.0.0.1:${bound.port}`,
    messages,
    calls,
    sessions: () => sessions,
    setFault(fault) {
      faultFor = fault ?? (() => null);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of open) socket.destroy();
      }),
  };
}
