import { z } from 'zod';
import { ask, parseJson, type Reply } from '../ask';
import type { World } from '../world';

/** Who answered a login that must fail, and how. */
export type Answerer =
  /** The bridge itself, with one of its documented codes. */
  | { readonly kind: 'bridge'; readonly code: string }
  /** Somebody else. */
  | { readonly kind: 'other'; readonly status: number }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'nothing'; readonly why: string };

const problemSchema = z.object({
  type: z.string().startsWith('urn:tiki-firebase-bridge:problem:'),
  code: z.string().regex(/^[a-z-]{1,40}$/),
});

/** Host of a redirect's target, for a message. */
function targetOf(location: string, base: string): string {
  return URL.canParse(location, base) ? new URL(location, base).host : 'nowhere';
}

function answererOf(reply: Reply, url: string): Answerer {
  if (reply.kind === 'nothing') return reply;
  const problem = problemSchema.safeParse(parseJson(reply.text)).data;
  const isProblem = reply.headers.get('content-type')?.startsWith('application/problem+json');
  if (problem && isProblem) return { kind: 'bridge', code: problem.code };
  const { status, headers } = reply;
  if (status >= 300 && status < 400) {
    return { kind: 'redirect', to: targetOf(headers.get('location') ?? '', url) };
  }
  return { kind: 'other', status };
}

/** A login without a code: the bridge answers `invalid-request` and asks nobody. */
export async function askBridge(world: World, origin: string): Promise<Answerer> {
  const url = `${origin}/auth_exchange`;
  const headers = { 'Content-Type': 'application/json' };
  return answererOf(await ask(world, { method: 'POST', url, headers, body: '{}' }), url);
}

/** The log names what is wrong and mends it, which the bridge does not tell strangers. */
export function readLog(projectId: string): string {
  return `npx firebase functions:log --only auth --project ${projectId}   # names what is wrong`;
}
