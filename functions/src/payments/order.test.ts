import { MalformedOrder, parseOrder, toStored, type Order } from './order';

const order: Order = {
  reference: `o${'a'.repeat(31)}`,
  ...{ uid: 'tiki:1', customerId: '1', planId: 'month', name: { vi: 'a', en: 'a' } },
  ...{ priceVnd: 49_000, days: 30, refundMs: 0, state: 'waiting', orderId: '88' },
  ...{ platformStatus: 'draft', watermark: null, createdAt: 1, sentAt: 1, sentBy: 'a' },
  ...{ paidAt: null, completedAt: null, canceledAt: null, refundedAt: null },
  ...{ updatedAt: 1, troubleSince: null, dueAt: null },
};
const { reference } = order;

it('is read as it was stored', () => {
  expect(parseOrder(reference, toStored(order))).toEqual(order);
  expect(toStored(order)).not.toHaveProperty('reference');
});

it.each([
  ['a field', { ...toStored(order), priceVnd: '49000' }, 'priceVnd'],
  ['two fields', { ...toStored(order), state: 'bought', paidAt: -1 }, 'state, paidAt'],
  ['a nested field', { ...toStored(order), name: { vi: 'a' } }, 'name.en'],
  ['everything', 'secret', 'the document'],
])('names %s that somebody has changed by hand, and no value', (_, content, fields) => {
  const parse = () => parseOrder(reference, content);
  expect(parse).toThrow(MalformedOrder);
  expect(parse).toThrow(`The document orders/${reference} is malformed: ${fields}. Correct it`);
});
