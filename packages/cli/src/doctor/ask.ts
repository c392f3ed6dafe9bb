import { z } from 'zod';
import type { World } from './world';

const MAX_BYTES = 1024 * 1024;

/** The outcome of one HTTP request. */
export type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Headers;
      readonly text: string;
    }
  | Nothing;

/** No usable answer. */
export interface Nothing {
  readonly kind: 'nothing';
  /** For a message. */
  readonly why: string;
  /** The error code of Node or TLS, such as ECONNREFUSED or CERT_HAS_EXPIRED. */
  readonly code?: string;
}

export interface Question {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const withCode = z.object({ code: z.string().regex(/^[A-Z][A-Z0-9_]{1,60}$/) });
const causedByCode = z.object({ cause: withCode });

function codeOf(error: unknown): string | undefined {
  return causedByCode.safeParse(error).data?.cause.code;
}

/** Undefined if it is longer than 1 MiB. */
async function readText(response: Response): Promise<string | undefined> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Node's web streams are async iterable; the DOM types do not say so.
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * One request with a time bound. Redirects are not followed: an access token or a signature must
 * not reach another host.
 */
export async function ask(
  world: Pick<World, 'fetch' | 'timeoutMs'>,
  question: Question,
): Promise<Reply> {
  const { method, url, headers = {}, body } = question;
  const signal = AbortSignal.timeout(world.timeoutMs);
  try {
    const response = await world.fetch(url, {
      method,
      headers: { ...headers },
      redirect: 'manual',
      signal,
      ...(body !== undefined && { body }),
    });
    const text = await readText(response);
    if (text === undefined) return { kind: 'nothing', why: 'an answer beyond 1 MiB' };
    return { kind: 'answer', status: response.status, headers: response.headers, text };
  } catch (error) {
    if (signal.aborted) {
      return { kind: 'nothing', why: `no answer within ${world.timeoutMs / 1000} s` };
    }
    const code = codeOf(error);
    const why = `no connection (${code ?? 'broken off'})`;
    return { kind: 'nothing', why, ...(code !== undefined && { code }) };
  }
}
