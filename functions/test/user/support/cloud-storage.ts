import {
  type Answer,
  type FakeRequest,
  jsonAnswer,
  type LoopbackFake,
  startLoopbackFake,
} from '@tiki-bridge/testing/google/loopback-fake';

/** As large as Google's pages are at most. */
const PAGE = 1_000;

/** One version of an object; a deleted or replaced one is not live. */
interface Version {
  readonly name: string;
  readonly generation: string;
  readonly isLive: boolean;
}

const refused = (code: number, message: string): Answer =>
  jsonAnswer(code, { error: { code, message, errors: [{ message, domain: 'global' }] } });

export interface CloudStorage extends LoopbackFake<'denied'> {
  /** The names of all versions of a bucket. */
  readonly names: (bucket: string) => readonly string[];
  readonly put: (bucket: string, name: string, isLive?: boolean) => void;
}

/**
 * The part of Cloud Storage's JSON API that lists and deletes objects, in a bucket that keeps earlier
 * versions. Strict: what is not in the documentation is refused.
 *
 * https://cloud.google.com/storage/docs/json_api/v1/objects/list
 * https://cloud.google.com/storage/docs/json_api/v1/objects/delete
 */
export async function startCloudStorage(buckets: readonly string[]): Promise<CloudStorage> {
  const stored = new Map<string, Version[]>(buckets.map((name) => [name, []]));
  let generations = 1_700_000_000_000_000;

  function list(versions: readonly Version[], query: URLSearchParams): Answer {
    const {
      prefix = '',
      versions: all,
      maxResults,
      pageToken,
      ...rest
    } = Object.fromEntries(query);
    if (Object.keys(rest).some((name) => !['prettyPrint'].includes(name))) {
      return refused(400, `Unknown parameters: ${Object.keys(rest).join(', ')}`);
    }
    // In the order of their names in UTF-8; a page begins after the name in its token.
    const found = versions
      .filter(({ name, isLive }) => name.startsWith(prefix) && (isLive || all === 'true'))
      .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
    const start = pageToken === undefined ? 0 : Number(Buffer.from(pageToken, 'base64').toString());
    if (!Number.isInteger(start)) return refused(400, 'Invalid page token');
    const size = Math.min(PAGE, Number(maxResults ?? PAGE));
    const page = found.slice(start, start + size);
    return jsonAnswer(200, {
      kind: 'storage#objects',
      // Google omits empty fields.
      ...(page.length > 0 && {
        items: page.map(({ name, generation }) => ({
          ...{ kind: 'storage#object', name, generation, size: '7', contentType: 'text/plain' },
          updated: '2026-11-27T00:00:00.000Z',
        })),
      }),
      ...(start + size < found.length && {
        nextPageToken: Buffer.from(String(start + size)).toString('base64'),
      }),
    });
  }

  function remove(versions: Version[], name: string, query: URLSearchParams): Answer {
    const generation = query.get('generation');
    const index = versions.findIndex(
      (each) => each.name === name && (generation ? each.generation === generation : each.isLive),
    );
    const version = versions[index];
    if (!version) return refused(404, `No such object: ${name}`);
    // Without a generation the live version is kept as an earlier one.
    if (generation) versions.splice(index, 1);
    else versions[index] = { ...version, isLive: false };
    return { status: 204, body: '' };
  }

  function answer({ method, url }: FakeRequest, fault: 'denied' | null): Answer {
    if (fault === 'denied') return refused(403, 'storage.objects.delete access denied');
    // A slash in a name is encoded: a path with more parts is another resource.
    const [, bucket = '', object] =
      /^\/storage\/v1\/b\/([^/]+)\/o(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    const versions = stored.get(bucket);
    if (!versions) return refused(404, 'The specified bucket does not exist.');
    if (method === 'GET' && object === undefined) return list(versions, url.searchParams);
    if (method === 'DELETE' && object !== undefined) {
      return remove(versions, decodeURIComponent(object), url.searchParams);
    }
    return refused(405, 'Method Not Allowed');
  }

  const fake = await startLoopbackFake<'denied'>({ answer });
  return Object.assign(fake, {
    names: (bucket: string) => (stored.get(bucket) ?? []).map(({ name }) => name),
    put: (bucket: string, name: string, isLive = true) => {
      generations += 1;
      stored.get(bucket)?.push({ name, generation: String(generations), isLive });
    },
  });
}
