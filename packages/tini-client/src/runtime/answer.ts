/** An HTTP response, whatever form `my.request` delivered it in. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. Empty if the runtime does not expose them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly data: unknown;
}

export type Fields = Readonly<Record<string, unknown>>;

/** The value if it is an object, otherwise an empty object. */
export function fieldsOf(value: unknown): Fields {
  // Any object fits Fields.
  return ((typeof value === 'object' && value) || {}) as Fields;
}

/** Parses JSON that the runtime left as text: it ignores problem+json and missing types. */
export function parseJson(value: unknown): unknown {
  try {
    return typeof value === 'string' && /^\s*[[{]/.test(value) ? JSON.parse(value) : value;
  } catch {
    return value;
  }
}

/** 0 if not an HTTP status, or below `least`. */
function httpStatus(value: unknown, least = 100): number {
  const status = Number(value);
  return status >= least && status < 600 ? status : 0;
}

/** Google's streaming methods return a list, even for a single error. */
export function firstOf(body: unknown): Fields {
  return fieldsOf(Array.isArray(body) ? body[0] : body);
}

/**
 * Problem+json has `status`, Google has `error.code`, a callable function only the name of a status in
 * `error.status`. 0 if the body is not an error.
 */
function errorStatus(body: unknown): number {
  const { error, status } = firstOf(parseJson(body));
  const { code, status: name } = fieldsOf(error);
  const found = httpStatus(code || status, 400);
  if (found || typeof name !== 'string' || !/^[A-Z_]+$/.test(name)) return found;
  // After a 401 the call is sent again with a new token; other callers go by the name.
  return name === 'UNAUTHENTICATED' ? 401 : 500;
}

/** Plain, or as `{map: {...}}`. */
function readHeaders(value: unknown): Record<string, string> {
  const given = fieldsOf(fieldsOf(value)['map'] || value);
  const headers: Record<string, string> = {};
  for (const name of Object.keys(given)) headers[name.toLowerCase()] = String(given[name]);
  return headers;
}

/**
 * `404`, or text containing `status code 404`. The pattern is bounded: the text may be an HTML page
 * of 100 kB, and searching it blocks the app.
 */
function statusInText(sentence: unknown): number {
  const text = String(sentence);
  const found = /status\D{0,40}([45]\d\d)/i.exec(text);
  return httpStatus(found ? found[1] : text);
}

/**
 * Reads what `my.request` passed to `success` (`ok`) or to `fail`. Undefined if a failure shows no
 * sign of an HTTP response: then it was the network.
 *
 * `success` gets `{data, headers, status}`, possibly without status or headers, or the bare body.
 * Some runtimes deliver a 4xx to `fail`: with its body, with the bare status, or as a sentence.
 *
 * @param asText Do not parse JSON in the body.
 */
export function readAnswer(value: unknown, ok?: boolean, asText?: boolean): Answer | undefined {
  const fields = fieldsOf(value);
  const { data, headers, status, error, errorMessage } = fields;
  const isEnvelope =
    typeof headers === 'object' ||
    ('data' in fields &&
      (status
        ? httpStatus(status)
        : Object.keys(fields).every((name) => /^(data|headers|status.*)$/.test(name))));
  // The envelope is not a body, although it may have a status. In `fail` it has an errorMessage.
  const bodies = ok ? [isEnvelope ? data : value] : [data, errorMessage || isEnvelope || value];
  const refusal = bodies.find(errorStatus);
  const body = refusal || bodies[0];
  const found =
    httpStatus(status) ||
    errorStatus(refusal) ||
    (ok ? 200 : httpStatus(error) || statusInText(errorMessage || value));
  return found
    ? { status: found, headers: readHeaders(headers), data: asText ? body : parseJson(body) }
    : undefined;
}
