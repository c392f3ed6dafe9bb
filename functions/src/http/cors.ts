/** Hours that a browser may remember a preflight's answer would outlive a changed setting. */
const PREFLIGHT_MAX_AGE_SECONDS = '600';

type Headers = Record<string, string>;

/** What a page of an allowed origin may send, each a list as the headers write it. */
export interface CrossOrigin {
  readonly methods: string;
  readonly headers: string;
}

/**
 * CORS headers for an answer: only for an origin on the list, by its exact name and never `*`.
 * Without a list there are none at all. Credentials (cookies) are never allowed; nothing uses them.
 */
export function corsHeaders(origin: string | undefined, allowed: ReadonlySet<string>): Headers {
  if (allowed.size === 0) return {};
  // The answer depends on the origin also where it is refused: caches must know.
  if (origin === undefined || !allowed.has(origin)) return { Vary: 'Origin' };
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': 'X-Request-Id, Retry-After',
  };
}

/** The answer to a preflight of an allowed origin; undefined for everybody else. */
export function preflightHeaders(
  origin: string | undefined,
  allowed: ReadonlySet<string>,
  { methods, headers }: CrossOrigin,
): Headers | undefined {
  if (origin === undefined || !allowed.has(origin)) return undefined;
  return {
    ...corsHeaders(origin, allowed),
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Allow-Headers': headers,
    'Access-Control-Max-Age': PREFLIGHT_MAX_AGE_SECONDS,
  };
}
