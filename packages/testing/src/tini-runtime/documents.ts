import { googleError, json } from './stand-in';
import type { Transport, WireAnswer } from './transport';

/** In the format of Firestore's REST API: `{text: {stringValue: 'a'}}`. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Documents {
  /** Keyed by path. */
  readonly stored: Map<string, Fields>;
  /** While true, every request is denied. */
  refused: boolean;
  /** Delays each response, whose content is fixed when the request arrives. */
  hold: Promise<unknown> | undefined;
  readonly transport: Transport;
}

interface Body {
  readonly documents?: readonly string[];
  readonly writes?: readonly {
    readonly update: { readonly name: string; readonly fields: Fields };
  }[];
}

const AT = '2026-11-22T00:00:00Z';
const pathOf = (name: string) => name.split('/documents/')[1] ?? '';

/** An in-memory Firestore that reads and replaces whole documents, without rules. */
export function createDocuments(): Documents {
  const stored = new Map<string, Fields>();

  function answerTo({ documents = [], writes = [] }: Body): WireAnswer {
    for (const { update } of writes) stored.set(pathOf(update.name), update.fields);
    if (writes.length > 0) return json(200, { writeResults: [{ updateTime: AT }], commitTime: AT });
    const found = documents.map((name) => {
      const fields = stored.get(pathOf(name));
      return fields
        ? { found: { name, fields, createTime: AT, updateTime: AT }, readTime: AT }
        : { missing: name, readTime: AT };
    });
    return json(200, found);
  }

  const documents: Documents = {
    stored,
    refused: false,
    hold: undefined,
    async transport({ body = '{}' }) {
      const answer = documents.refused
        ? googleError(403, 'Missing or insufficient permissions.', 'PERMISSION_DENIED')
        : // Written by the client; a wrong shape fails the test.
          answerTo(JSON.parse(String(body)) as Body);
      await documents.hold;
      return answer;
    },
  };
  return documents;
}
