import fc from 'fast-check';
import { runs } from '@tiki-bridge/testing/deep';
import {
  DOCUMENTS,
  startTestGateway,
  UPSTREAM_DOCUMENTS,
  type TestGateway,
} from './support/gateway';

/** Documents can also be written and read by names in a body, which Firestore judges alone. */
describe('an id of a document', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close());

  /** Each way to name a document in an address, and what is then asked of Firestore. */
  const ways = (id: string): readonly (readonly [method: string, below: string])[] => [
    ['PATCH', `/things/${id}`],
    ['GET', `/things/${id}`],
    ['DELETE', `/things/${id}`],
    ['GET', `/things/${id}/parts`],
    ['POST', `/things/${id}/parts`],
    ['POST', `/things/${id}:runQuery`],
    ['POST', `/things/${id}:runAggregationQuery`],
  ];

  const statusOf = async (method: string, below: string): Promise<number> => {
    const init =
      method === 'POST' || method === 'PATCH'
        ? { body: '{}', headers: { 'Content-Type': 'application/json' } }
        : {};
    return (await gateway.fetch(DOCUMENTS + below, { method, ...init })).status;
  };

  const special = fc.constantFrom(
    '%',
    '\\',
    '\n',
    '\u0000',
    '\u007f',
    ':',
    '.',
    '__',
    '/',
    '#',
    '?',
    'ễ',
    '😀',
    ' ',
    '+',
    '%2F',
    '%41',
  );
  const id = fc
    .oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
      fc
        .array(fc.oneof(special, fc.string({ maxLength: 2 })), { minLength: 1, maxLength: 4 })
        .map((parts) => parts.join('')),
    )
    // Half of a surrogate pair cannot be sent at all.
    .filter((text) => text !== '' && !/\p{Cs}/u.test(text));

  it('can be written, read, listed and queried, or none of these', async () => {
    await fc.assert(
      fc.asyncProperty(id, async (text) => {
        const encoded = encodeURIComponent(text);
        const impossible = text === '.' || text === '..' || text.includes('/');
        // `fetch` resolves these itself, also when they are encoded.
        fc.pre(text !== '.' && text !== '..');
        const before = gateway.firestore.seen.length;
        for (const [method, below] of ways(encoded)) {
          expect([below, await statusOf(method, below)]).toEqual([below, impossible ? 400 : 200]);
        }
        const asked = gateway.firestore.seen.slice(before).map(({ target }) => target);
        expect(asked).toEqual(
          impossible ? [] : ways(encoded).map(([, below]) => UPSTREAM_DOCUMENTS + below),
        );
      }),
      { numRuns: runs(60, 1_000) },
    );
  });

  it.each([
    ['a%2Fb', /slash/],
    ['%ff', /not UTF-8/],
    ['a'.repeat(8_192), /:batchGet/],
  ])('is refused with advice', async (raw, advice) => {
    const response = await gateway.fetch(`${DOCUMENTS}/things/${raw}`);
    const { detail } = (await response.json()) as { readonly detail: string };
    expect(response.status).toBe(400);
    expect(detail).toMatch(advice);
  });
});
