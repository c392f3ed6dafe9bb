import fc from 'fast-check';
import { decodeBase64, encodeBase64 } from '../src/base64';
import type { Connection } from '../src/connection';
import { type ErrorCode, TikiFirebaseError } from '../src/errors';
import { decodeDocument } from '../src/firestore/decode';
import { encodeFields } from '../src/firestore/encode';
import { quoteFieldPath, urlPath } from '../src/firestore/names';
import { structuredQuery } from '../src/firestore/query';
import { type FirestoreValue, GeoPoint, Int64, Reference } from '../src/firestore/values';

const RUNS = { numRuns: 1000 };

/** The part of a connection that values need. */
const connection = {
  projectId: 'demo',
  failWith: (code: ErrorCode) => {
    throw new TikiFirebaseError(code, {}, 'en');
  },
} as unknown as Connection;

const DOCUMENT = 'projects/demo/databases/(default)/documents/a/b';
const AT = '2026-01-01T00:00:00Z';

const decoded = (fields?: unknown) =>
  decodeDocument(connection, { name: DOCUMENT, fields, createTime: AT, updateTime: AT }).data;

/** Encodes, passes through JSON, and decodes. */
function roundTrip(value: FirestoreValue): unknown {
  const fields = JSON.parse(JSON.stringify(encodeFields(connection, { value }))) as unknown;
  return decoded(fields)['value'];
}

const wire = (value: FirestoreValue) => encodeFields(connection, { value })['value'];

const int64 = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .filter((value) => !Number.isSafeInteger(Number(value)))
  .map((value) => new Int64(String(value)));

const values = fc.letrec<{ value: FirestoreValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant(null),
    fc.double(),
    fc.maxSafeInteger(),
    int64,
    fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
    fc.uint8Array(),
    fc
      .tuple(fc.double(), fc.double())
      .map(([x]) => new GeoPoint(Number.isFinite(x) ? (x % 90) + 0 : 1, 2)),
    fc.constant(new Reference('users/tiki:1')),
    fc.array(tie('value')),
    fc
      .dictionary(
        fc.string().filter((name) => name !== '__proto__'),
        tie('value'),
      )
      .map((map) => ({ ...map })),
  ),
}));

it('round-trips every value', () => {
  fc.assert(
    fc.property(values.value, (value) => {
      expect(roundTrip(value)).toEqual(value);
    }),
    RUNS,
  );
});

it('encodes and decodes base64 like Node', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const buffer = Buffer.from(bytes);
      expect(encodeBase64(bytes)).toBe(buffer.toString('base64'));
      expect(decodeBase64(buffer.toString('base64url'))).toEqual(Array.from(bytes));
      expect(decodeBase64(buffer.toString('base64').replace(/=/g, ''))).toEqual(Array.from(bytes));
    }),
    RUNS,
  );
});

it.each([
  [9007199254740991, { integerValue: '9007199254740991' }],
  [9007199254740992, { doubleValue: 9007199254740992 }],
  [2n ** 63n - 1n, { integerValue: '9223372036854775807' }],
  [-0, { doubleValue: '-0' }],
  [NaN, { doubleValue: 'NaN' }],
  [-Infinity, { doubleValue: '-Infinity' }],
  [0.5, { doubleValue: 0.5 }],
])('writes %p as %j', (value, expected) => {
  expect(wire(value)).toEqual(expected);
});

it('returns numbers beyond 2^53 as an Int64 with all digits', () => {
  expect(roundTrip(new Int64('9223372036854775807'))).toEqual(new Int64('9223372036854775807'));
  expect(roundTrip(2n ** 60n + 1n)).toEqual(new Int64('1152921504606846977'));
  expect(roundTrip(7n)).toBe(7);
});

it.each([
  ['undefined', undefined],
  ['a function', () => 1],
  ['a symbol', Symbol('a')],
  ['an invalid date', new Date(NaN)],
  ['a date before the year 1', new Date('0000-12-31T23:59:59.999Z')],
  ['a date long before the year 1', new Date('-000001-01-01T00:00:00Z')],
  ['a date after the year 9999', new Date('+010000-01-01T00:00:00Z')],
  ['a latitude that is no number', new GeoPoint(NaN, 2)],
  ['an endless longitude', new GeoPoint(1, -Infinity)],
  ['a latitude of text', new GeoPoint('1' as never, 2)],
  ['a Map', new Map()],
  ['a Promise', Promise.resolve()],
  ['undefined deep inside', { a: [{ b: undefined }] }],
])('refuses %s', (_, value) => {
  const code = expect.objectContaining({ code: 'invalid-argument' }) as Error;
  expect(() => wire(value as never)).toThrow(code);
});

it('reads what REST omits: fields of an empty document, values of an empty array, zeros', () => {
  const empty = { geo: { geoPointValue: {} }, list: { arrayValue: {} }, map: { mapValue: {} } };
  expect(decoded()).toEqual({});
  expect(decoded(empty)).toEqual({ geo: new GeoPoint(0, 0), list: [], map: {} });
});

it('keeps the full name of a reference to another database', () => {
  const other = 'projects/other/databases/(default)/documents/a/b';
  expect(wire(new Reference(other))).toEqual({ referenceValue: other });
  expect(wire(new Reference('a/b'))).toEqual({ referenceValue: DOCUMENT });
  expect(roundTrip(new Reference('projects/mine'))).toEqual(new Reference('projects/mine'));
});

it('quotes field names that are not identifiers', () => {
  expect(['a', 'a.b_1', 'tên', 'a b', 'x`y', '1a', 'a.b-c'].map(quoteFieldPath)).toEqual([
    'a',
    'a.b_1',
    '`tên`',
    '`a b`',
    '`x\\`y`',
    '`1a`',
    'a.`b-c`',
  ]);
});

it('encodes all reserved URL characters except colons', () => {
  expect(urlPath(['users', 'tiki:1', 'ghi chú?#%/'])).toBe(
    'users/tiki:1/ghi%20ch%C3%BA%3F%23%25%2F',
  );
});

it('compares with null and NaN by unary operators', () => {
  const query = structuredQuery(
    connection,
    { collectionId: 'c' },
    {
      where: [
        ['a', '==', null],
        ['a', '!=', null],
        ['a', '==', NaN],
        ['a', '<=', 1],
      ],
    },
  );
  expect(JSON.stringify(query)).toMatch(/IS_NULL.*IS_NOT_NULL.*IS_NAN.*LESS_THAN_OR_EQUAL/);
});
