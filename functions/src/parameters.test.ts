import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDotenv } from '@tiki-bridge/testing/emulators/dotenv';
import { declaredParams } from 'firebase-functions/params';
import './parameters';

interface Declared {
  readonly name: string;
  readonly type: string;
  readonly default?: string | number | boolean;
  readonly description?: string;
}

/** As the Firebase CLI reads them, by a method that their published type leaves out. */
const DECLARED = (declaredParams as unknown as readonly { toSpec(): Declared }[]).map((declared) =>
  declared.toSpec(),
);

// The doctor's list is held against functions/.env by its own test, docs/deploy.md by test/docs, and what
// init writes is that file.
it('declares each parameter of functions/.env for the Firebase CLI, with the same default', () => {
  const { values } = parseDotenv(readFileSync(join(__dirname, '../.env'), 'utf8'));
  // Read by Node itself.
  const shared = Object.entries(values).filter(([name]) => name !== 'NODE_OPTIONS');
  const defaults = DECLARED.flatMap(({ name, default: value }) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );

  expect(Object.fromEntries(defaults)).toEqual(Object.fromEntries(shared));
});

it('asks only for the client key and the secret', () => {
  const asked = DECLARED.filter((spec) => spec.default === undefined);

  expect(asked.map(({ name }) => name).sort()).toEqual(['TIKI_CLIENT_KEY', 'TIKI_CLIENT_SECRET']);
});

it('says what each is for', () => {
  const silent = DECLARED.filter(({ type, description }) => type !== 'secret' && !description);

  expect(silent).toEqual([]);
});
