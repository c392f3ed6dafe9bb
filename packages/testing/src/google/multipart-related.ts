const DELIMITER = '\r\n';
const HEAD_END = '\r\n\r\n';

/** An upload's two parts. */
export interface RelatedParts {
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The media type of the second part. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** The header lines of a part, and what follows them. */
function split(part: Buffer): { readonly head: string; readonly rest: Buffer } | undefined {
  const at = part.indexOf(HEAD_END);
  if (at < 0) return undefined;
  return { head: part.subarray(0, at).toString(), rest: part.subarray(at + HEAD_END.length) };
}

function parseMetadata(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads `multipart/related` as Firebase's SDK writes it: exactly two parts, JSON and the file, each
 * with only a Content-Type, and nothing before, between or after them. Undefined for anything else.
 */
export function parseRelated(contentType = '', body: Buffer): RelatedParts | undefined {
  const boundary = /^multipart\/related; boundary=([\w-]{1,70})$/.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const first = `--${boundary}${DELIMITER}`;
  const next = Buffer.from(`${DELIMITER}--${boundary}${DELIMITER}`);
  const last = Buffer.from(`${DELIMITER}--${boundary}--`);
  const second = body.indexOf(next);
  const end = body.length - last.length;
  const isFramed =
    body.subarray(0, first.length).equals(Buffer.from(first)) &&
    second > 0 &&
    body.subarray(end).equals(last) &&
    body.indexOf(`--${boundary}`, second + next.length) === end + DELIMITER.length;
  if (!isFramed) return undefined;
  const described = split(body.subarray(first.length, second));
  const file = split(body.subarray(second + next.length, end));
  if (described?.head !== 'Content-Type: application/json; charset=utf-8') return undefined;
  const metadata = parseMetadata(described.rest.toString());
  const type = /^Content-Type: ([^\r\n]+)$/.exec(file?.head ?? '')?.[1];
  return metadata && file && type !== undefined ? { metadata, type, bytes: file.rest } : undefined;
}
