import { writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { type Build, buildPackage } from '@tiki-bridge/testing/tini-runtime/build';

let build: Build;
beforeAll(() => {
  build = buildPackage('tini-client');
});
afterAll(() => {
  build.remove();
});

/** The compiler's diagnostics for app code that uses the published types. */
function diagnosticsOf(code: string): readonly string[] {
  const file = path.join(build.folder, 'app.ts');
  const imports = `import { deleteField, type Firestore, GeoPoint } from './cjs/firestore';\n`;
  writeFileSync(file, `${imports}declare const store: Firestore;\n${code}`);
  const options = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2017,
    lib: ['lib.es2017.d.ts'],
    types: [],
  };
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([file], options));
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

it('accepts data typed by an interface', () => {
  const code = `
    interface Place { at: GeoPoint }
    interface Note { text: string; savedAt: Date; place?: Place; places: Place[]; tags: string[] }
    declare const note: Note;
    export const written = [
      store.set('notes/a', note),
      store.update('notes/a', note),
      store.set('notes/a', { note, of: { notes: [note] } }),
      store.set('notes/a', { text: 'a', 'a.b': [1, null, { c: new Date() }] }),
    ];
  `;
  expect(diagnosticsOf(code)).toEqual([]);
});

it('accepts deleteField() as the value of a field in update', () => {
  const code = `
    interface Changes { text: string; savedAt: Date | ReturnType<typeof deleteField> }
    declare const changes: Changes;
    export const written = [
      store.update('notes/a', { old: deleteField(), 'a.b': deleteField(), text: 'a' }),
      store.update('notes/a', changes),
    ];
  `;
  expect(diagnosticsOf(code)).toEqual([]);
});

it.each([
  "store.set('notes/a', { old: deleteField() })",
  "store.update('notes/a', { map: { old: deleteField() } })",
  "store.update('notes/a', { list: [deleteField()] })",
])('rejects deleteField() in %s', (call) => {
  expect(diagnosticsOf(`export const written = ${call};`)).not.toEqual([]);
});

it('accepts storable data in generic code', () => {
  const code = `
    import { type FirestoreData } from './cjs/firestore';
    export class Notes<T extends FirestoreData> {
      put(id: string, note: T) {
        return [store.set('notes/' + id, note), store.update('notes/' + id, note)];
      }
    }
  `;
  expect(diagnosticsOf(code)).toEqual([]);
});

it.each(['new Date()', 'new Uint8Array(3)', '[{ a: 1 }]', "'text'", '7'])(
  'rejects %s as a document',
  (value) => {
    const [complaint] = diagnosticsOf(`export const written = store.set('a/b', ${value});`);
    expect(complaint).toMatch(/^Argument of type .* is not assignable/);
  },
);

it.each([
  ['a method beside a path', 'interface Note { path: string; save(): void }'],
  [
    'a Map beside coordinates',
    'interface Note { latitude: number; longitude: number; of: Map<string, string> }',
  ],
  ['a method', 'interface Note { text: string; save(): void }'],
  ['a method inside', 'interface Note { of: { notes: { save(): void }[] } }'],
  ['a Map', 'interface Note { tags: Map<string, string> }'],
  ['a symbol', 'interface Note { text: symbol }'],
  ['something unknown', 'interface Note { text: unknown }'],
])('warns of %s, which Firestore cannot hold', (_, note) => {
  const code = `${note}\ndeclare const note: Note;\nexport const written = store.set('notes/a', note);`;
  const [complaint] = diagnosticsOf(code);
  expect(complaint).toMatch(/^Argument of type 'Note' is not assignable/);
});
