import { deadlineIn, type Clock } from '../clock';
import type { HttpClient } from '../upstream/http-client';
import type { Outcome } from '../upstream/outcome';
import { RETRY, withRetries } from '../upstream/retry';

/** For all attempts together. A healthy metadata server answers within milliseconds. */
const TIMEOUT_MS = 2_000;
const MAX_ANSWER_BYTES = 16 * 1024;

/** The metadata server did not answer, or not with what was asked for. */
export class MetadataFailure extends Error {
  override readonly name = 'MetadataFailure';

  constructor(message: string) {
    super(`metadata server: ${message}`);
  }
}

/** What is asked about the account. */
export type MetadataName = 'email' | 'token' | 'identity';

export type MetadataServer = (
  name: MetadataName,
  query?: Readonly<Record<string, string>>,
) => Promise<string>;

function failureOf(name: MetadataName, outcome: Exclude<Outcome<string>, { kind: 'answer' }>) {
  switch (outcome.kind) {
    case 'no-answer':
      return new MetadataFailure(`no answer for ${name} in ${TIMEOUT_MS} ms`);
    case 'no-connection':
      return new MetadataFailure(`no connection for ${name}: ${outcome.errno}`);
    case 'wrong-shape':
      return new MetadataFailure(`${outcome.where} for ${name}`);
    default:
      return new MetadataFailure(`${outcome.status} for ${name}`);
  }
}

/**
 * Asks Google Cloud's metadata server about the service account that this instance runs as. The
 * wait is bounded and the connection is closed at its end: the clients of google-auth-library put no
 * bound on this call on Cloud Run, and remember one that hangs for as long as the process lives.
 *
 * The function it returns takes `email`, `token` or `identity` and throws `MetadataFailure`.
 *
 * @see https://cloud.google.com/run/docs/container-contract#metadata-server
 */
export function metadataServer(http: HttpClient, clock: Clock): MetadataServer {
  async function attempt(path: string, timeoutMs: number): Promise<Outcome<string>> {
    if (timeoutMs <= 0) return { kind: 'no-answer' };
    // All of Google's libraries read this variable.
    const host = process.env['GCE_METADATA_HOST'] || 'metadata.google.internal';
    const sent = await http.send({
      method: 'GET',
      url: `http://${host}/computeMetadata/v1/instance/service-accounts/default/${path}`,
      headers: { 'Metadata-Flavor': 'Google' },
      timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
    });
    if (sent.kind !== 'answer') return sent;
    const { status, header, body } = sent.data;
    if (status !== 200) return { kind: 'unexpected-status', status };
    // Anything else at this address, such as a hotel's login page, does not send it.
    if (header('metadata-flavor') !== 'Google') {
      return { kind: 'wrong-shape', where: 'not the metadata server' };
    }
    return { kind: 'answer', data: body.toString('utf8') };
  }

  return async (name, query) => {
    const path = query ? `${name}?${new URLSearchParams(query).toString()}` : name;
    const deadline = deadlineIn(TIMEOUT_MS, clock);
    const outcome = await withRetries(
      RETRY.metadataServer,
      () => attempt(path, Math.floor(deadline())),
      { deadline, clock, random: Math.random },
    );
    if (outcome.kind === 'answer') return outcome.data;
    throw failureOf(name, outcome);
  };
}
