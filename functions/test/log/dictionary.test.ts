import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ReconcileReport } from '../../src/payments/reconcile';
import type { Statement } from '../../src/payments/statement';
import type { Summary } from '../../src/push/delivery';
import type { NotificationId } from '../../src/push/store';
import { ENTRIES, faultOf } from './dictionary';
import { entriesInCode } from './entries-in-code';
import { dictionaryPage } from './page';

/** What entries take over from elsewhere, by the file and the name that they have there. */
const SPREAD: Readonly<Record<string, readonly string[]>> = {
  'http/serve.ts ...requestEntry': [],
  'http/serve.ts ...traceFields': ['logging.googleapis.com/trace', 'logging.googleapis.com/labels'],
  // Entries of others, with the names of this deployment in their remedies.
  'log/write-log.ts ...entry': [],
  'payments/jobs.ts ...counts': [
    'looked',
    'repaired',
    'completed',
    'isFinished',
  ] satisfies (keyof ReconcileReport)[],
  'payments/jobs.ts ...totals': ['paid', 'completed', 'refunded'] satisfies (keyof Statement)[],
  'push/assemble.ts ...describeFailure': [],
  'push/assemble.ts ...failure': [],
  'push/send-notification.ts ...describeFailure': [],
  'push/send-notification.ts ...name': ['uid', 'id'] satisfies (keyof NotificationId)[],
  'push/send-notification.ts ...summary': [
    'skipped',
    'successes',
    'failures',
  ] satisfies (keyof Summary)[],
};

const inCode = new Map(
  [...entriesInCode()].map(([file, names]) => [
    file,
    new Set(
      [...names].flatMap((name) =>
        name.startsWith('...') ? (SPREAD[`${file} ${name}`] ?? [name]) : [name],
      ),
    ),
  ]),
);

it('has every field of every entry that the code writes', () => {
  const missing = [...inCode].flatMap(([file, names]) => {
    const entries = ENTRIES.filter(({ sources }) => sources.includes(file));
    const known = entries.flatMap(({ fields }) => Object.keys(fields));
    return [...names].filter((name) => !known.includes(name)).map((name) => `${file}: ${name}`);
  });

  expect(inCode.size).toBeGreaterThan(10);
  expect(missing).toEqual([]);
});

it('has no field that the code does not write', () => {
  const invented = ENTRIES.flatMap(({ name, sources, fields }) => {
    const written = new Set(sources.flatMap((file) => [...(inCode.get(file) ?? [])]));
    return Object.keys(fields)
      .filter((field) => !written.has(field))
      .map((field) => `${name}: ${field}`);
  });

  expect(invented).toEqual([]);
});

it('finds a field, and an entry, that it does not have', () => {
  const entry = { severity: 'INFO', message: 'push: daily run', reminded: 1 };

  expect(faultOf(entry)).toBeUndefined();
  expect(faultOf({ ...entry, uids: ['tiki:1'] })).toContain('uids');
  expect(faultOf({ ...entry, reminded: '1' })).toContain('reminded');
  expect(faultOf({ ...entry, message: 'push: something else' })).toContain('not in the dictionary');
});

/** Without what makes a table line up. */
const plain = (page: string) => page.replace(/ +\|/g, ' |').replace(/\| -+/g, '| ---').trim();

it('is what docs/log.md says', () => {
  const page = readFileSync(path.resolve(__dirname, '../../../docs/log.md'), 'utf8');

  expect(plain(page.slice(page.indexOf('### '))).split('\n')).toEqual(dictionaryPage().split('\n'));
});
