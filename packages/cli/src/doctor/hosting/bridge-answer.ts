import { z } from 'zod';
import { AUTH_PATHS } from '../../../../../functions/src/operator';
import type { Project } from '../../project';
import { parseJson } from '../../parse-json';
import { ask, type Nothing, type Question, type Reply } from '../ask';
import { firebase } from '../commands';
import type { FunctionId } from '../google/function-shape';
import type { World } from '../world';

/** The origin of the answer to a request that must fail. */
export type Answerer =
  /** One of the project's two functions, with a documented code. */
  | { readonly kind: 'bridge'; readonly code: string }
  /** Another server. */
  | { readonly kind: 'other'; readonly status: number }
  /** `to` is a host with its port; undefined: it is none. */
  | { readonly kind: 'redirect'; readonly to: string | undefined }
  | Nothing;

/** A request without effects. */
export interface Knock extends Omit<Question, 'url'> {
  readonly path: `/${string}`;
}

const emptyBody = (path: Knock['path']): Knock => ({
  method: 'POST',
  path,
  headers: { 'Content-Type': 'application/json' },
  body: '{}',
});

/** A login without a code: the bridge answers `invalid-request` without calling Tiki. */
export const EMPTY_LOGIN = emptyBody('/auth_exchange');

/** The same at each route of `auth`. */
export const EMPTY_LOGINS: readonly Knock[] = AUTH_PATHS.map(emptyBody);

/** Each prefix with a method that it has not: the gateway answers without calling Google. */
export function oddMethods(projectId: string): readonly Knock[] {
  return [
    { method: 'GET', path: '/identitytoolkit/v1/accounts:signInWithCustomToken' },
    { method: 'GET', path: '/securetoken/v1/token' },
    emptyBody(`/firestore/v1/projects/${projectId}/databases/(default)/documents/doctor/check`),
  ];
}

const problemSchema = z.object({
  type: z.string().startsWith('urn:tiki-firebase-bridge:problem:'),
  code: z.string().regex(/^[a-z-]{1,40}$/),
});

/**
 * Host of a redirect, for a message and a command. URLs may have names that DNS has not, such as
 * `x;{touch,pwned};.example`.
 */
function targetOf(location: string, base: string): string | undefined {
  if (!URL.canParse(location, base)) return undefined;
  const { host, hostname } = new URL(location, base);
  return z.regexes.hostname.test(hostname) ? host : undefined;
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

/** The log names the fault and its fix, which the functions do not tell callers. */
export function readLog(id: FunctionId, project: Project): string {
  return `${firebase(`functions:log --only ${id}`, project)}   # names what is wrong`;
}
