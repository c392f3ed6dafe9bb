import { ENTRIES } from './dictionary';

const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** The tables of docs/log.md. */
export function dictionaryPage(): string {
  return ENTRIES.map(({ name, about, fields }) => {
    const rows = Object.entries(fields).map(([field, { type, when = 'always', personal = 'no' }]) =>
      row(`\`${field}\``, type, when, personal),
    );
    const head = [
      row('field', 'type and unit', 'when', 'personal data'),
      row('---', '---', '---', '---'),
    ];
    return [`### ${name}`, about, [...head, ...rows].join('\n')].join('\n\n');
  }).join('\n\n');
}
