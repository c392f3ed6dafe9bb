import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { addAdopt } from './adopt/command';
import { createProgram } from './program';
import { ROOT } from './project-files';

/** What readers put in place of a placeholder. Any other: a word. */
const VALUES: Readonly<Record<string, string>> = {
  '<project>': 'tiki-shop',
  '<project id>': 'tiki-shop',
  '<uid>': 'tiki:123',
  '<reference>': `o${'1'.repeat(31)}`,
  '<time>': '2026-11-27T09:00+07:00',
  '<account>': 'tiki-operator@tiki-shop.iam.gserviceaccount.com',
  // Set by a line before.
  $url: 'https://asia-southeast1-tiki-shop.cloudfunctions.net/auth',
};

const PAGES = [
  'README.md',
  'README.vi.md',
  'SECURITY.md',
  'packages/cli/README.md',
  ...readdirSync(path.join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/** Shell words, without redirections and comments. */
function wordsOf(command: string): string[] {
  const words = command.match(/'[^']*'|"[^"]*"|[^\s'"]+/g) ?? [];
  const end = words.findIndex((word) => /^(?:#|[|>&;])/.test(word));
  return words
    .slice(0, end === -1 ? undefined : end)
    .map((word) => word.replace(/^['"]|['"]$/g, ''));
}

const SCRIPT = /npm run (?:--silent )?(bridge|premium|doctor|deploy) --(?= )([^)]*)/;
/** Where the package is installed, or from the packed file. */
const INSTALLED =
  /(?:npx --package \S+|npm exec --no --prefix \S+ --) tiki-firebase-bridge ([^)]*)/;

/** The arguments of this program in a line; undefined: it is no command of this program. */
function argumentsIn(line: string): string | undefined {
  const [, script, rest = INSTALLED.exec(line)?.[1]] = SCRIPT.exec(line) ?? [];
  if (script === undefined || script === 'bridge') return rest?.trim();
  return `${script} ${rest ?? ''}`.trim();
}

/** The commands of this program in blocks of code and in spans that are whole commands. */
const COMMANDS = PAGES.flatMap((page) => {
  const text = readFileSync(path.join(ROOT, page), 'utf8').replaceAll('\\\n', ' ');
  const blocks = [...text.matchAll(/^ *```sh\n(.*?)^ *```/gms)].flatMap(([, code = '']) =>
    code.split('\n'),
  );
  const spans = [...text.matchAll(/`(np[mx] [^`\n]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...spans].flatMap((line): [string, string][] => {
    const found = argumentsIn(line);
    return found === undefined ? [] : [[page, found]];
  });
});

it('finds the commands of the documents', () => {
  expect(COMMANDS.length).toBeGreaterThan(60);
  expect(COMMANDS).toContainEqual(['docs/deploy.md', 'rollback --project <project>']);
  expect(COMMANDS).toContainEqual(['docs/adopt.md', 'remove']);
});

it.each(COMMANDS)('%s: %s', async (_, command) => {
  const done = () => Promise.resolve();
  const program = createProgram({
    premium: done,
    orders: done,
    push: done,
    user: done,
    audit: done,
    doctor: done,
    deploy: done,
    token: done,
  });
  addAdopt(program, done, done);
  const filled = command.replace(/<[^>]*>|\$\w+/g, (placeholder) => VALUES[placeholder] ?? 'x1');
  const words = wordsOf(filled);
  // The name of a group, or all of its commands.
  if (words.length === 1 || words.some((word) => word === '…' || word === '--help')) return;

  await expect(program.parseAsync(words, { from: 'user' })).resolves.toBeDefined();
});
