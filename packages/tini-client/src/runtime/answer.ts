/** An HTTP answer, in whatever wrapping `my.request` delivered it. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. Empty where the runtime does not tell. */
  readonly headers: Readonly<Record<string, string>>;
  readonly data: unknown;
}

export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one if it is none. */
export function fieldsOf(value: unknown): Fields {
  // An object has fields, whatever they are.
  return ((typeof value === 'object' && value) || {}) as Fields;
}

/** JSON that the runtime left as text, because its type was problem+json or missing. */
export function parseJson(value: unknown): unknown {
  try {
    return typeof value === 'string' && /^\s*[[{]/.test(value) ? JSON.parse(value) : value;
  } catch {
    return value;
  }
}

/** 0 if it is no HTTP status, or below `least`. */
function httpStatus(value: unknown, least = 100): number {
  // JavaScript compares text, too, as the number that it is.
  return (value as number) >= least && (value as number) < 600 ? +(value as string) : 0;
}

/** Google's streams answer with a list, also when the only thing to say is an error. */
export function firstOf(body: unknown): Fields {
  return fieldsOf(Array.isArray(body) ? body[0] : body);
}

/** Problem+json has `status`; Google has `error.code`. 0 if the body is no error. */
function errorStatus(body: unknown): number {
  const { error, status } = firstOf(parseJson(body));
  return httpStatus(fieldsOf(error)['code'] || status, 400);
}

/** Plain, or as `{map: {...}}`. */
function readHeaders(value: unknown): Record<string, string> {
  const given = fieldsOf(fieldsOf(value)['map'] || value);
  const headers: Record<string, string> = {};
  for (const name of Object.keys(given)) headers[name.toLowerCase()] = String(given[name]);
  return headers;
}

/**
 * `404`, or a sentence with `status code 404` in it. Within bounds: what is no sentence may be a
 * page of a hundred kilobytes, and nothing else happens in the app while it is searched.
 */
function saidStatus(sentence: unknown): number {
  // What is no text is searched as the text that String would make of it.
  return httpStatus((/status\D{0,40}([45]\d\d)/i.exec(sentence as string) || ['', sentence])[1]);
}

/**
 * Reads what `my.request` gave to `success` (`ok`) or to `fail`. Undefined when a failure says
 * nothing of an HTTP answer: then it was the network.
 *
 * `success` gets `{data, headers, status}`, where status or headers or both may be missing, or the
 * bare body. Some runtimes deliver a 4xx to `fail`: with its body, with the bare status, or as a
 * sentence. `asText` leaves JSON in the body as it is.
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
  // The wrapping is no body, although it may have a status. One in `fail` has an errorMessage.
  const bodies = ok ? [isEnvelope ? data : value] : [data, errorMessage || isEnvelope || value];
  const refusal = bodies.find(errorStatus);
  const body = refusal || bodies[0];
  const found =
    httpStatus(status) ||
    errorStatus(refusal) ||
    (ok ? 200 : httpStatus(error) || saidStatus(errorMessage || value));
  return found
    ? { status: found, headers: readHeaders(headers), data: asText ? body : parseJson(body) }
    : undefined;
}
