import { h } from '../dom';
import { isRecord, type JsonRecord } from '../json';
import type { Language } from '../language';
import { annotationsFor, type TokenKind } from '../tokens/annotations';

/** A JSON object as in an editor, one claim per line, with annotations. */
export function claimLines(
  kind: TokenKind,
  record: JsonRecord,
  language: Language,
  nowMs: number,
): HTMLElement {
  function lines(object: JsonRecord, path: string, depth: number): readonly HTMLElement[] {
    return Object.entries(object).flatMap(([name, value]) => {
      const here = path === '' ? name : `${path}.${name}`;
      const notes = annotationsFor(kind, here, value, language, nowMs);
      const tones = notes.map(({ tone }) => ` has-${tone}`).join('');
      const first = h(
        'li',
        { class: `claim${tones}`, 'data-claim': here, 'data-depth': depth },
        h('code', {}, h('span', { class: 'claim-name' }, name), ': ', valueOf(value)),
        ...notes.map(({ text, tone }) => h('span', { class: `note note-${tone}` }, text)),
      );
      if (!isRecord(value) || Object.keys(value).length === 0) return [first];
      return [first, ...lines(value, here, depth + 1), closingBrace(depth)];
    });
  }
  return h('ul', { class: 'claims' }, ...lines(record, '', 0));
}

function closingBrace(depth: number): HTMLElement {
  return h('li', { class: 'claim', 'data-depth': depth }, h('code', {}, '}'));
}

/** The value in JSON; for an object only the opening brace if its lines follow. */
function valueOf(value: unknown): HTMLElement {
  const opens = isRecord(value) && Object.keys(value).length > 0;
  return h('span', { class: `claim-${typeof value}` }, opens ? '{' : JSON.stringify(value));
}
