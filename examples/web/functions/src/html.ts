/** The key is a symbol, so nothing parsed from JSON can pass for markup. */
const MARKUP = Symbol('markup');

export interface Html {
  readonly [MARKUP]: string;
}

/** `undefined` and `false` render as nothing, an array as its elements one after the other. */
export type Content = Html | string | number | false | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

function markupOf(content: Content): string {
  if (content === undefined || content === false) return '';
  if (typeof content === 'string' || typeof content === 'number') return escape(String(content));
  // Array.isArray() does not narrow readonly arrays.
  return MARKUP in content ? content[MARKUP] : content.map(markupOf).join('');
}

/**
 * A template that escapes every value, unless `html` made it.
 *
 * For text and quoted attributes; no values inside `<script>` or `<style>`, or as a whole URL from
 * outside.
 *
 * @throws Error for a value right after `=`: without quotes, a space would end the attribute
 */
export function html(chunks: TemplateStringsArray, ...values: readonly Content[]): Html {
  const markup = chunks.reduce((before, chunk, index) => {
    if (before.endsWith('=')) throw new Error('Quote the value of an attribute');
    return before + markupOf(values[index - 1]) + chunk;
  });
  return { [MARKUP]: markup };
}

export const toText = (page: Html): string => page[MARKUP];
