import { printable, printableJson } from './printable';

const INVISIBLE = [
  '\u0000',
  '\n',
  '\r',
  '\u001b',
  '\u0085',
  '\u009b',
  '\u200b',
  '\u202e',
  '\u2028',
  '\ud800',
];

it.each(INVISIBLE)('keeps %j from a terminal', (character) => {
  expect(printable(`a${character}b`)).toBe('a\uFFFDb');
  const value = { [`a${character}`]: `b${character}` };
  const text = printableJson(value);
  expect(text.replaceAll('\n', '')).not.toContain(character);
  expect(JSON.parse(text)).toEqual(value);
});

it('leaves all other text as it is', () => {
  const text = 'Nguyễn Văn A — ✓ "quoted" 漢字 😀';
  expect(printable(text)).toBe(text);
  expect(JSON.parse(printableJson({ text }))).toEqual({ text });
});
