import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';

/** What the text says about names that a snippet does not declare itself. */
const GIVEN = `
  import { type My, type TikiFirebase } from 'tiki-firebase-client';
  import { type Firestore } from 'tiki-firebase-client/firestore';
  import { type WebViewContext } from 'tiki-firebase-client/hand-over';
  declare global {
    const my: My & { createWebViewContext(id: string): WebViewContext };
    const console: { warn(text: string): void };
    const firebase: TikiFirebase;
    const db: Firestore;
    const uid: string, filePath: string, baseUrl: string, projectId: string;
    function Page(page: object): void;
  }`;

/** The types that TypeScript needs for queries in variables, as the text says. */
const TYPED: Readonly<Record<string, string>> = {
  'const query = {': "const query: import('tiki-firebase-client/firestore').Query = {",
  'const messages = {': "const messages: import('tiki-firebase-client/listen').ListenQuery = {",
};

/** Those that stand alone; docs.test.ts runs the program of docs/tini-app.md. */
const snippetsOf = (page: string) =>
  [...readFileSync(path.join(PROJECT_ROOT, page), 'utf8').matchAll(/```js\n(.*?)```/gs)]
    .map(([, code = '']) => code)
    .filter((code) => !/ from '\.\.?\//.test(code));

const folder = mkdtempSync(path.join(os.tmpdir(), 'snippets-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it.each([
  ['packages/tini-client/README.md', 7],
  ['docs/tini-app.md', 5],
  ['docs/tini-app.vi.md', 5],
])('compiles the snippets of %s', (page, count) => {
  const snippets = snippetsOf(page);
  expect(snippets).toHaveLength(count);
  const files = [GIVEN, ...snippets].map((code, index) => {
    const file = path.join(folder, `${index}.ts`);
    const typed = Object.entries(TYPED).reduce((text, [from, to]) => text.replace(from, to), code);
    writeFileSync(file, `${typed}\nexport {};\n`);
    return file;
  });
  const source = path.join(PROJECT_ROOT, 'packages/tini-client/src');
  const program = ts.createProgram(files, {
    noEmit: true,
    // Pages are written in JavaScript, where `this` has any type.
    strict: false,
    target: ts.ScriptTarget.ES2017,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2017.d.ts'],
    types: [],
    paths: {
      'tiki-firebase-client': [path.join(source, 'index.ts')],
      'tiki-firebase-client/*': [path.join(source, '*/index.ts')],
    },
  });
  const wrong = files.flatMap((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
  expect(wrong).toEqual([]);
});
