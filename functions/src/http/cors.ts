/** Kept short: browsers would otherwise apply a changed setting hours later. */
const PREFLIGHT_MAX_AGE_SECONDS = '600';

type Headers = Record<string, string>;

/** What a page of an allowed origin may send; comma-separated lists. */
export interface CrossOrigin {
  readonly methods: string;
  readonly headers: string;
}

/**
 * CORS headers for an answer: only for an origin on the list, by its exact name and never `*`; none
 * without a list. Credentials (cookies) are never allowed, since nothing uses them.
 */
export function corsHeaders(origin: string | undefined, allowed: ReadonlySet<string>): Headers {
  if (allowed.size === 0) return {};
  // A refusal depends on the origin too, so caches must vary on it.
  if (origin === undefined || !allowed.has(origin)) return { Vary: 'Origin' };
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': 'X-Request-Id, Retry-After',
  };
}

/** The answer to a preflight of an allowed origin; undefined for any other. */
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
