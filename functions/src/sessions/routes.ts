import { jsonAnswer, type Answer } from '../http/answer';
import { parseJson, readBody, requireSmallBody, type BodyBounds } from '../http/body';
import type { CrossOrigin } from '../http/cors';
import { header, type IncomingRequest } from '../http/request';
import type { Method, Outcome, RequestInProgress, Route } from '../http/serve';
import type { Facts } from '../log/request-entry';
import { Problem } from '../problem';
import type { RequestContext } from '../upstream/request-context';
import { handOverBody, readFields, readSignIn, signOutBody, tradeBody } from './fields';
import { unlistedOrigin } from './parameters';
import type { Sessions } from './sessions';

/** The Hosting rewrite in firebase.json is tested against this. */
export const SESSION_PATHS = ['/session/**'] as const;

/** A custom token is some 1 KB. */
const BODY: BodyBounds = { maxBytes: 16 * 1024, timeoutMs: 4_000 };

/** For the Tini App alone. Pages call their own origin, and no other page may call them. */
const CORS: CrossOrigin = {
  methods: 'POST',
  headers: 'Authorization, Content-Type, Accept-Language, X-Request-Id',
};

/** Hosting removes `Set-Cookie` from an answer that is not `private`. */
const PRIVATE = { 'Cache-Control': 'private, no-store' };

function privately({ status, headers, body }: Answer<string>, setCookie?: string): Answer<string> {
  const cookie = setCookie !== undefined && { 'Set-Cookie': setCookie };
  return { status, headers: { ...headers, ...PRIVATE, ...cookie }, body };
}

/** What a call found out, and its answer. */
interface Done {
  readonly body?: object;
  readonly setCookie?: string | undefined;
  readonly facts?: Facts;
}

export interface SessionRouteOptions {
  /** @throws Problem `not-configured`, `misconfigured` */
  readonly sessions: () => Sessions;
  readonly webOrigins: ReadonlySet<string>;
  /** Whose request it is, for breakers and the rate limit. */
  readonly limited: (request: IncomingRequest) => Promise<void>;
  readonly callerOf: (request: IncomingRequest) => string;
}

/** The six routes of `/session/`. */
export function sessionRoutes(options: SessionRouteOptions): Route[] {
  const { sessions, webOrigins, limited, callerOf } = options;

  const contextOf = ({ request, deadline }: RequestInProgress): RequestContext => ({
    deadline,
    caller: callerOf(request),
  });

  /**
   * The page's own origin. Only scripts of a page can send JSON, and no page of another origin gets
   * to send it here. A form, which any site can post, has no way to do so: without this, a site
   * could sign its visitor in as somebody else (login CSRF).
   *
   * @throws Problem `forbidden`
   */
  function ownOrigin(request: IncomingRequest): string {
    const origin = header(request, 'origin');
    if (origin === undefined) throw new Problem('forbidden');
    if (!webOrigins.has(origin)) throw unlistedOrigin();
    return origin;
  }

  async function jsonBody(request: IncomingRequest): Promise<unknown> {
    requireSmallBody(request, BODY.maxBytes);
    return parseJson(await readBody(request, BODY));
  }

  /** One route, at `/session/<name>`. */
  function route(
    name: string,
    method: Method,
    work: (inProgress: RequestInProgress) => Promise<Done>,
    cors?: CrossOrigin,
  ): Route {
    const run = async (inProgress: RequestInProgress): Promise<Outcome> => {
      const { body, setCookie, facts = {} } = await work(inProgress);
      const answer = body ? jsonAnswer(body) : { status: 204, headers: {}, body: '' };
      return { answer: privately(answer, setCookie), facts };
    };
    const operation = { name: `session.${name}`, run };
    return {
      source: `/session/${name}`,
      name: operation.name,
      ...(cors && { cors }),
      operationsAt: () => ({ [method]: operation }),
    };
  }

  return [
    route(
      'hand_over',
      'POST',
      async (inProgress) => {
        const { request } = inProgress;
        const fields = readFields(handOverBody, await jsonBody(request));
        const service = sessions();
        await limited(request);
        const { uid, ...body } = await service.handOver(request, fields, contextOf(inProgress));
        return { body, facts: { uid } };
      },
      CORS,
    ),
    route('trade', 'POST', async (inProgress) => {
      const { request } = inProgress;
      const fields = readFields(tradeBody, await jsonBody(request));
      const service = sessions();
      const origin = ownOrigin(request);
      await limited(request);
      const traded = await service.trade({ ...fields, origin }, contextOf(inProgress));
      return { body: traded, facts: { uid: traded.uid } };
    }),
    route('sign_in', 'POST', async (inProgress) => {
      const { request } = inProgress;
      const fields = readSignIn(await jsonBody(request));
      const service = sessions();
      const origin = ownOrigin(request);
      await limited(request);
      const credential = 'code' in fields ? { ...fields, origin } : fields;
      const { setCookie, ...body } = await service.signIn(credential, contextOf(inProgress));
      return { body, setCookie, facts: { uid: body.user.uid } };
    }),
    route('user', 'GET', async (inProgress) => {
      const { setCookie, ...body } = await sessions().user(inProgress.request, inProgress.deadline);
      return { body, setCookie, facts: { uid: body.user?.uid } };
    }),
    route('csrf_token', 'GET', async ({ request }) => ({
      body: await sessions().csrfToken(request),
    })),
    route('sign_out', 'POST', async (inProgress) => {
      const { request, deadline } = inProgress;
      const { everywhere } = readFields(signOutBody, await jsonBody(request));
      const service = sessions();
      ownOrigin(request);
      return service.signOut(request, everywhere, deadline);
    }),
  ];
}
