import { z } from 'zod';
import type { Project } from '../../target';
import { parseJson } from '../../parse-json';
import { ask, type Nothing, type Question, type Reply } from '../ask';
import { firebase } from '../commands';
import type { FunctionId } from '../google/deployed-function';
import type { World } from '../world';

/** Who answered a request that must fail, and how. */
export type Answerer =
  /** One of the project's two functions itself, with one of its documented codes. */
  | { readonly kind: 'bridge'; readonly code: string }
  /** Somebody else. */
  | { readonly kind: 'other'; readonly status: number }
  | { readonly kind: 'redirect'; readonly to: string }
  | Nothing;

/** A request that changes nothing, by its path. */
export interface Knock extends Omit<Question, 'url'> {
  readonly path: `/${string}`;
}

/** A login without a code: the bridge answers `invalid-request` and asks nobody. */
export const EMPTY_LOGIN: Knock = {
  method: 'POST',
  path: '/auth_exchange',
  headers: { 'Content-Type': 'application/json' },
  body: '{}',
};

/** By GET, which sign-in does not take: the gateway answers `method-not-allowed` and asks nobody. */
export const SIGN_IN_BY_GET: Knock = {
  method: 'GET',
  path: '/identitytoolkit/v1/accounts:signInWithCustomToken',
};

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

export async function knockAt(world: World, origin: string, knock: Knock): Promise<Answerer> {
  const { path, ...question } = knock;
  const url = `${origin}${path}`;
  return answererOf(await ask(world, { ...question, url }), url);
}

/** The log names what is wrong and what mends it, which the functions do not tell strangers. */
export function readLog(id: FunctionId, project: Project): string {
  return `${firebase(`functions:log --only ${id}`, project)}   # names what is wrong`;
}
