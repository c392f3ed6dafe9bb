import type { Firestore } from 'firebase-admin/firestore';
import { readAuditTrail } from './audit-trail';

const ENTRIES = Array.from({ length: 2_500 }, (_, index) => ({
  ...{ at: index, by: 'tiki', uid: 'tiki:1' },
  // One of another program, in the first page.
  ...(index === 7 && { by: 7 }),
}));

/** A collection of entries in their order, as far as it is asked. */
function collection() {
  const query = (entries: readonly (typeof ENTRIES)[number][], most = Infinity): object => ({
    where: () => query(entries),
    orderBy: () => query(entries),
    limit: (count: number) => query(entries, count),
    startAfter: (last: { readonly id: number }) =>
      query(
        entries.filter(({ at }) => at > last.id),
        most,
      ),
    get: () =>
      Promise.resolve({
        docs: entries.slice(0, most).map((entry) => ({ id: entry.at, data: () => entry })),
      }),
  });
  // Only these methods are called.
  return { collection: () => query(ENTRIES) } as unknown as Firestore;
}

it('reads all entries of a period, page by page', async () => {
  const read = await readAuditTrail(collection(), { from: 0, to: 2_500, uid: undefined });

  expect(read.map(({ at }) => at)).toEqual(ENTRIES.map(({ at }) => at).filter((at) => at !== 7));
});
