import type * as z from 'zod';
import type { ProblemCode } from '../src/problem';
import { problemResponses } from './problems';
import { refTo } from './schemas';

/** A part of an OpenAPI document. Its shape is checked as a whole, by test/openapi. */
export type Part = Readonly<Record<string, unknown>>;

export interface Operation extends Part {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Part[];
  /** By status, or `default`. */
  readonly responses: Readonly<Record<string, Part>>;
}

/** By path, and there by method in lower case. */
export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** What a caller proves who they are with; several are alternatives. */
export const BY_ID_TOKEN = { idToken: [] };
export const BY_COOKIE = { sessionCookie: [] };
/** Of an account in `OPERATOR_EMAILS`. */
export const BY_OPERATOR_TOKEN = { operatorToken: [] };
/** For requests that change something. */
export const BY_COOKIE_AND_CSRF_TOKEN = { sessionCookie: [], csrfToken: [] };

export const parameter = (name: string) => ({ $ref: `#/components/parameters/${name}` });

export const jsonBody = (schema: z.ZodType): Part => ({
  required: true,
  content: { 'application/json': { schema: refTo(schema) } },
});

const COMMON_HEADERS = { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } };

export const answer = (description: string, schema: z.ZodType, headers: Part = {}): Part => ({
  description,
  headers: { ...COMMON_HEADERS, ...headers },
  content: { 'application/json': { schema: refTo(schema) } },
});

export const emptyAnswer = (description: string, headers: Part = {}): Part => ({
  description,
  headers: { ...COMMON_HEADERS, ...headers },
});

export const SET_COOKIE = {
  'Set-Cookie': { $ref: '#/components/headers/Set-Cookie' },
};

/** Can happen to every request. */
const ALWAYS: readonly ProblemCode[] = ['overloaded', 'misconfigured', 'internal'];
/** Can happen to every request with a body of JSON. */
export const BODY: readonly ProblemCode[] = [
  'invalid-request',
  'payload-too-large',
  'unsupported-media-type',
];

export interface Description {
  /** Unique in the document; a test calls operations by it. */
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Undefined: those of the whole document. */
  readonly servers?: readonly Part[];
  /** Undefined: nothing has to be proved. */
  readonly security?: readonly Part[];
  readonly parameters?: readonly Part[];
  readonly body?: Part;
  /** By status. */
  readonly answers: Readonly<Record<string, Part>>;
  /** Beside those that can happen to every request. */
  readonly problems: readonly ProblemCode[];
  /** The gateway's problems have Google's form too. */
  readonly ofGateway?: boolean;
  /** What an upstream's own answers, which are passed on with any status, may consist of. */
  readonly passedOn?: Part;
}

/** An answer and problems that have the same status. */
function combined(answer: Part, problems: Part): Part {
  const membersOf = (name: string) => ({
    ...(answer[name] as Part | undefined),
    ...(problems[name] as Part | undefined),
  });
  return {
    description: `${String(answer['description'])}; or ${String(problems['description'])}`,
    headers: membersOf('headers'),
    content: membersOf('content'),
  };
}

function responses(of: Description): Readonly<Record<string, Part>> {
  const problems = problemResponses([...of.problems, ...ALWAYS], of);
  const answers = Object.entries(of.answers).map(([status, described]) => {
    const others = problems[status];
    return [status, others ? combined(described, others) : described] as const;
  });
  return { ...problems, ...Object.fromEntries(answers) };
}

export function operation(of: Description): Operation {
  const { parameters = [], security = [] } = of;
  return {
    operationId: of.id,
    tags: [of.tag],
    summary: of.summary,
    ...(of.description !== undefined && { description: of.description }),
    ...(of.servers && { servers: of.servers }),
    security,
    parameters: [...parameters, parameter('Accept-Language'), parameter('X-Request-Id')],
    ...(of.body && { requestBody: of.body }),
    responses: responses(of),
  };
}
