import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { vietnameseTexts } from './vietnamese';

/** The table of terms in docs/contribute.md. */
const GLOSSARY = readFileSync(path.join(PROJECT_ROOT, 'docs/contribute.md'), 'utf8')
  .split('## Vietnamese texts')[1]
  ?.split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()));

const FORBIDDEN = (GLOSSARY ?? []).flatMap(([, , , not = '']) => not.split(', '));

/** Whole words. */
const wordIn = (text: string, word: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}_.])${word}(?![\\p{L}\\p{N}(]|\\.\\p{L})`, 'iu').test(text);

/** `tùy`, `xóa`: the tone mark on the first vowel, where it belongs on the second. */
const OLD_SPELLING = /\p{L}*(?:[óòỏõọ][ae]|(?<!q)[úùủũụ]y)(?!\p{L})/giu;

const TEXTS = vietnameseTexts();

it('reads the texts of users', () => {
  expect(TEXTS.map(([file]) => file)).toEqual(
    expect.arrayContaining([
      'README.vi.md',
      'docs/tini-app.vi.md',
      'examples/demo/page/text/vi.ts',
      'examples/demo/premium-server/content.ts',
      'examples/tini-sample/src/pages/home/index.txml',
      'functions/src/http/detail.ts',
      'packages/tini-client/src/messages.ts',
      'public/404.html',
    ]),
  );
  expect(FORBIDDEN.length).toBeGreaterThan(20);
});

describe.each(TEXTS)('%s', (_, texts) => {
  it('uses the words of docs/contribute.md', () => {
    const wrong = texts.flatMap((text) =>
      FORBIDDEN.filter((word) => wordIn(text, word)).map((word) => `${word}: ${text.slice(0, 80)}`),
    );

    expect(wrong).toEqual([]);
  });

  it('has the tone mark on the main vowel', () => {
    expect(texts.flatMap((text) => text.match(OLD_SPELLING) ?? [])).toEqual([]);
  });

  it('has composed letters, as keyboards write them', () => {
    expect(texts.filter((text) => text !== text.normalize('NFC'))).toEqual([]);
  });
});
