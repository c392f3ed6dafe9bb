/** How a file is written: what is added follows it. */
export interface Layout {
  readonly eol: '\n' | '\r\n';
  /** One level of indentation. */
  readonly unit: string;
}

export function layoutOf(text: string): Layout {
  const [, indent = '  '] = /^([\t ]+)\S/m.exec(text) ?? [];
  return {
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    // Lines of a comment in /* */ start with an odd space.
    unit: indent.startsWith('\t') ? '\t' : indent.length < 2 ? '  ' : indent,
  };
}

/** The whitespace that the line of an offset starts with. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[\t ]*/.exec(text.slice(start))?.[0] ?? '';
}

/** Text of ours, which is indented by two spaces, as the lines of another file. */
export function fitLines(text: string, { eol, unit }: Layout, indent: string): string {
  return text
    .split('\n')
    .map((line) => {
      if (line.trim() === '') return '';
      const [spaces = ''] = /^ */.exec(line) ?? [];
      // An odd space, as in a comment in /* */, stays.
      return (
        indent + unit.repeat(spaces.length >> 1) + ' '.repeat(spaces.length % 2) + line.trimStart()
      );
    })
    .join(eol);
}

export const withUnixEnds = (text: string): string => text.replaceAll('\r\n', '\n');

/** A text with the ends of lines of another one: Git may have changed them in a clone. */
export function withEndsOf(like: string, text: string): string {
  const unix = withUnixEnds(text);
  return layoutOf(like).eol === '\n' ? unix : unix.replaceAll('\n', '\r\n');
}
