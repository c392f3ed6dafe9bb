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
  const imports = `
    import { arrayUnion, deleteField, type Firestore, GeoPoint, increment, or, serverTimestamp } from './cjs/firestore';
    import { withConverter } from './cjs/converter';
    import { onSnapshot } from './cjs/listen';
    import { runTransaction } from './cjs/transaction';
  `;
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

it('writes back what was read, and unions', () => {
  const code = `
    interface Note { readonly text: string; readonly savedAt: Date; readonly more?: string[] }
    type Shape = { kind: 'a'; a: number } | { kind: 'b'; b: string };
    export async function copy(): Promise<void> {
      const plain = await store.get('notes/a');
      if (plain) {
        await store.set('notes/b', plain.data);
        await store.set('notes/b', plain.data, { merge: true });
        await store.set('notes/b', { ...plain.data, at: serverTimestamp(), gone: deleteField() }, { merge: true });
        await store.update('notes/b', plain.data);
        await store.add('notes', plain.data);
        store.batch().set('notes/b', plain.data).update('notes/b', plain.data);
      }
      const typed = await store.get<Note>('notes/a');
      if (typed) {
        await store.set('notes/b', typed.data);
        await store.set('notes/b', { ...typed.data, savedAt: serverTimestamp() });
        await store.update('notes/b', typed.data);
        await store.add('notes', typed.data);
      }
      const shape = await store.get<Shape>('notes/a');
      if (shape) await store.set('notes/b', shape.data);
    }
  `;
  expect(diagnosticsOf(code)).toEqual([]);
});

it('accepts transforms wherever Firestore does', () => {
  const code = `
    export const written = [
      store.set('notes/a', { at: serverTimestamp(), deep: { n: increment(1) } }),
      store.set('notes/a', { gone: deleteField(), deep: { gone: deleteField() } }, { merge: true }),
      store.update('notes/a', { 'a.b': arrayUnion('x'), at: serverTimestamp() }),
      store.add('notes', { at: serverTimestamp(), text: 'a' }),
      store.batch().set('notes/a', { n: increment(1) }).update('notes/a', { n: 1 }).commit(),
      runTransaction(store, async (transaction) => {
        const read = await transaction.get<{ n: number }>('notes/a');
        return transaction.update('notes/a', { n: (read?.data.n ?? 0) + 1 });
      }),
    ];
  `;
  expect(diagnosticsOf(code)).toEqual([]);
});

it.each([
  "store.set('notes/a', { list: [serverTimestamp()] })",
  "store.set('notes/a', { gone: deleteField() }, { merge: false })",
  "store.set('notes/a', serverTimestamp())",
  "store.add('notes', { gone: deleteField() })",
  "store.query('notes', { where: [or(['n', '=', 1])] })",
  "onSnapshot(store, 'notes/a', ({ documents }) => documents)",
])('rejects %s', (call) => {
  expect(diagnosticsOf(`export const written = ${call};`)).not.toEqual([]);
});

it('types what is read, by the caller or by a converter', () => {
  const code = `
    interface Note { text: string; savedAt: Date }
    class Model { constructor(readonly text: string) {} }
    const models = withConverter(store, {
      toFirestore: ({ text }: Model) => ({ text, savedAt: serverTimestamp() }),
      fromFirestore: ({ data }) => new Model(String(data['text'])),
    });
    export async function read(): Promise<string[]> {
      const one = await store.get<Note>('notes/a');
      const found = await store.query<Note>('notes', { where: [or(['a', '==', 1], ['b', '>', 2])] });
      const model = await models.get('notes/a');
      await models.add('notes', new Model('a'));
      const texts = [one?.data.text ?? '', model?.data.text ?? '', ...found.map(({ data }) => data.text)];
      onSnapshot<Note>(store, 'notes/a', ({ document }) => texts.push(document?.data.text ?? ''));
      onSnapshot(models, { collection: 'notes' }, ({ documents }) =>
        texts.push(...documents.map(({ data }) => data.text)),
      );
      return texts;
    }
  `;
  expect(diagnosticsOf(code)).toEqual([]);
});
