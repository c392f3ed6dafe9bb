import { z } from 'zod';
import { parseJson } from '../../parse-json';
import { ask, type Question, type Reply } from '../ask';
import type { World } from '../world';

/** The access token is sent to Google's own hosts only. */
export type GoogleUrl = `https://${string}.googleapis.com/${string}`;

export type GoogleAnswer<T> = { readonly kind: 'data'; readonly data: T } | GoogleRefusal;

export type GoogleRefusal =
  /** The caller lacks the permission or, with `forQuota`, may not use the project for API requests. */
  | { readonly kind: 'denied'; readonly forQuota: boolean }
  /** The API is not enabled in the quota project of the request. */
  | { readonly kind: 'api-disabled'; readonly service: string }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'unauthenticated' }
  /** Such as a disabled version of a secret. */
  | { readonly kind: 'precondition' }
  /** Any other failure; `why` is for a message. */
  | { readonly kind: 'unclear'; readonly why: string };

export interface GoogleApi {
  readonly get: <T>(url: GoogleUrl, schema: z.ZodType<T>) => Promise<GoogleAnswer<T>>;
  readonly post: <T>(
    url: GoogleUrl,
    body: object,
    schema: z.ZodType<T>,
  ) => Promise<GoogleAnswer<T>>;
  readonly patch: <T>(
    url: GoogleUrl,
    body: object,
    schema: z.ZodType<T>,
  ) => Promise<GoogleAnswer<T>>;
  /** As in IAM policies: `serviceAccount:…`, or `user:` with a placeholder. */
  readonly member: string;
  /** Of the calling service account; undefined for a person. */
  readonly email: string | undefined;
}

export interface Caller {
  readonly accessToken: string;
  readonly isUser: boolean;
  readonly email: string | undefined;
}

const errorSchema = z.object({
  error: z.object({
    status: z.string().optional(),
    message: z.string().optional(),
    details: z
      .array(
        z.object({
          reason: z.string().optional(),
          metadata: z.record(z.string(), z.unknown()).optional(),
        }),
      )
      .optional()
      .catch(undefined),
  }),
});

const serviceName = z.string().regex(/^[a-z]+\.googleapis\.com$/);

/** @see https://cloud.google.com/apis/design/errors#http_mapping */
function refusalOf(status: number, text: string, url: URL): GoogleRefusal {
  const error = errorSchema.safeParse(parseJson(text)).data?.error;
  const infos = error?.details ?? [];
  const disabled = infos.find(({ reason }) => reason === 'SERVICE_DISABLED');
  if (disabled || /has not been used in project|it is disabled/.test(error?.message ?? '')) {
    const named = serviceName.safeParse(disabled?.metadata?.['service']).data;
    return { kind: 'api-disabled', service: named ?? url.hostname };
  }
  switch (status) {
    case 400:
      if (error?.status === 'FAILED_PRECONDITION') return { kind: 'precondition' };
      break;
    case 401:
      return { kind: 'unauthenticated' };
    case 403:
      return {
        kind: 'denied',
        forQuota: infos.some(({ reason }) => reason === 'USER_PROJECT_DENIED'),
      };
    case 404:
      return { kind: 'not-found' };
  }
  return { kind: 'unclear', why: `HTTP status ${status} from ${url.hostname}` };
}

function read<T>(reply: Reply, schema: z.ZodType<T>, url: URL): GoogleAnswer<T> {
  if (reply.kind === 'nothing')
    return { kind: 'unclear', why: `${reply.why} from ${url.hostname}` };
  if (reply.status !== 200) return refusalOf(reply.status, reply.text, url);
  const data = schema.safeParse(parseJson(reply.text));
  if (data.success) return { kind: 'data', data: data.data };
  return { kind: 'unclear', why: `an answer of an unknown shape from ${url.hostname}` };
}

/** @param projectId Quota project of a person's requests; a service account has its own. */
export function openGoogleApi(
  world: Pick<World, 'fetch' | 'timeoutMs'>,
  caller: Caller,
  projectId: string,
): GoogleApi {
  const headers = {
    Authorization: `Bearer ${caller.accessToken}`,
    Accept: 'application/json',
    ...(caller.isUser && { 'X-Goog-User-Project': projectId }),
  };
  async function send<T>(question: Question, schema: z.ZodType<T>): Promise<GoogleAnswer<T>> {
    return read(await ask(world, question), schema, new URL(question.url));
  }
  const sendJson =
    (method: 'POST' | 'PATCH'): GoogleApi['post'] =>
    (url, body, schema) =>
      send(
        {
          method,
          url,
          headers: { ...headers, 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        },
        schema,
      );
  return {
    get: (url, schema) => send({ method: 'GET', url, headers }, schema),
    post: sendJson('POST'),
    patch: sendJson('PATCH'),
    email: caller.email,
    member: caller.email === undefined ? 'user:<your e-mail>' : `serviceAccount:${caller.email}`,
  };
}
