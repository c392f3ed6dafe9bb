import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { ENTRIES } from './dictionary';

const MONITORING = path.resolve(__dirname, '../../../infra/monitoring');

/** The filters on the log, of alerts and of metrics. */
const FILTERS = ['alerts', 'metrics'].flatMap((folder) =>
  readdirSync(path.join(MONITORING, folder)).flatMap((file) => {
    const json = readFileSync(path.join(MONITORING, folder, file), 'utf8');
    return [...json.matchAll(/"filter": ("(?:[^"\\]|\\.)*")/g)]
      .map(([, filter = '']) => JSON.parse(filter) as string)
      .filter((filter) => filter.includes('Payload'))
      .map((filter) => [file, filter] as const);
  }),
);
const found = (pattern: RegExp) =>
  FILTERS.flatMap(([file, filter]) =>
    [...filter.matchAll(pattern)].map(([, value = '']) => [file, value] as const),
  );

/** The values that a field can have, in any entry. */
const valuesOf = (field: string) =>
  ENTRIES.flatMap(({ fields }) => {
    const schema = fields[field]?.schema;
    return schema instanceof z.ZodEnum ? schema.options : [];
  });

it('alerts and metrics ask for fields that are in the log', () => {
  const asked = found(/jsonPayload\.(\w+)/g);
  const known = ENTRIES.flatMap(({ fields }) => Object.keys(fields));

  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter(([, field]) => !known.includes(field))).toEqual([]);
});

it('alerts ask for outcomes that there are', () => {
  const asked = found(/jsonPayload\.outcome="([^"]+)"/g);

  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter(([, outcome]) => !valuesOf('outcome').includes(outcome))).toEqual([]);
});

it('alerts ask for messages that there are', () => {
  const asked = found(/jsonPayload\.message=~"([^"]+)"/g);
  const messages = ENTRIES.map(({ message }) => message.source.replaceAll('(?:', '('));

  expect(asked.length).toBeGreaterThan(5);
  expect(
    asked.filter(([, pattern]) => !messages.some((message) => message.startsWith(pattern))),
  ).toEqual([]);
});

it('there is an alert for each entry that is an error', () => {
  const outcomes = ENTRIES.filter(({ name, fields }) => {
    const levels = fields['severity']?.schema;
    return name !== 'Requests' && levels instanceof z.ZodEnum && levels.options.includes('ERROR');
  });
  const messages = found(/jsonPayload\.message=~"([^"]+)"/g).map(([, pattern]) => pattern);
  const named = found(/jsonPayload\.outcome="([^"]+)"/g).map(([, outcome]) => outcome);
  const silent = outcomes.filter(({ message, fields }) => {
    const source = message.source.replaceAll('(?:', '(');
    const values = fields['outcome']?.schema;
    const isNamed =
      values instanceof z.ZodEnum && values.options.some((it) => named.includes(String(it)));
    return !isNamed && !messages.some((pattern) => source.startsWith(pattern));
  });

  expect(silent.map(({ name }) => name)).toEqual([]);
});
