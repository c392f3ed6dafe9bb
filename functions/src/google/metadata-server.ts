import { setTimeout as delay } from 'node:timers/promises';
import axios from 'axios';

/** For all attempts together. A healthy metadata server answers within milliseconds. */
const TIMEOUT_MS = 2_000;
/** Before the second and the third attempt. */
const PAUSES_MS = [100, 300];
const MAX_ANSWER_BYTES = 16 * 1024;

/** The metadata server has answered something else than what was asked for, or nothing. */
export class MetadataFailure extends Error {
  override readonly name = 'MetadataFailure';

  constructor(
    message: string,
    /** Of the answer, if there was one. */
    readonly status?: number,
  ) {
    super(`metadata server: ${message}`);
  }
}

/** What is not there will not be there in a moment; a server that is busy may be ready then. */
function isFinal(error: unknown): boolean {
  const status = error instanceof MetadataFailure ? error.status : undefined;
  return status !== undefined && status < 500 && status !== 429;
}

async function attempt(path: string, signal: AbortSignal): Promise<string> {
  // All of Google's libraries look at this variable.
  const host = process.env['GCE_METADATA_HOST'] || 'metadata.google.internal';
  const { status, headers, data } = await axios.get<string>(
    `http://${host}/computeMetadata/v1/instance/service-accounts/default/${path}`,
    {
      headers: { 'Metadata-Flavor': 'Google' },
      responseType: 'text',
      maxContentLength: MAX_ANSWER_BYTES,
      maxRedirects: 0,
      proxy: false,
      validateStatus: () => true,
      signal,
    },
  );
  if (status !== 200) throw new MetadataFailure(`${status} for ${path}`, status);
  // Whoever else listens at this address, such as a hotel's login page, does not say so.
  if (headers['metadata-flavor'] !== 'Google') throw new MetadataFailure('somebody else answered');
  return data;
}

/**
 * Asks Google Cloud's metadata server about the service account that this instance runs as. The
 * wait is bounded and the connection is cut at its end: the clients of google-auth-library put no
 * bound on this call on Cloud Run, and remember one that is stuck for as long as the process lives.
 *
 * @param path `email` or `token`.
 * @throws MetadataFailure, or what axios throws without an answer.
 * @see https://cloud.google.com/run/docs/container-contract#metadata-server
 */
export async function askMetadataServer(path: 'email' | 'token'): Promise<string> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  for (let failed = 0; ; failed += 1) {
    try {
      return await attempt(path, signal);
    } catch (error) {
      if (signal.aborted) throw new MetadataFailure(`no answer for ${path} in ${TIMEOUT_MS} ms`);
      const pause = PAUSES_MS[failed];
      if (pause === undefined || isFinal(error)) throw error;
      await delay(pause);
    }
  }
}
