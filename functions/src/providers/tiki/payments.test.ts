import { Problem } from '../../problem';
import type { TikiClient } from './client';
import { readAnswer, type TikiFailure } from './outcome';
import { tikiPayments } from './payments';

const CONTEXT = { deadline: () => 1_000, caller: 'test' };
const ORDER = { customerId: '1', reference: 'o1', item: { name: 'a', priceVnd: 49_000 } };

function payments(client: TikiClient) {
  return tikiPayments({ client, clientKey: 'key', secrets: ['secret'] });
}

const create = (failure: TikiFailure) =>
  payments({ call: () => Promise.resolve(failure) }).create(ORDER, CONTEXT);

const refused = (status: number, more: { code?: number; reason?: string } = {}): TikiFailure => ({
  ...{ kind: 'refused', reason: 'new_reason', status, ...more },
});

describe('an order that is not created', () => {
  it.each([
    ['nothing was sent', { kind: 'no-connection', errno: 'ECONNREFUSED' }],
    ['Tiki judged the request', refused(400)],
    ['Tiki judged it with status 200', refused(200, { code: 400 })],
    ['Tiki refused the price', refused(200, { reason: 'ORDER_AMOUNT_LIMIT_EXCEEDED' })],
  ] as const)('certainly is not, where %s', async (_, failure) => {
    expect(await create(failure)).toMatchObject({ kind: 'not-created' });
  });

  it.each([
    ['Tiki is silent', { kind: 'no-answer' }],
    ['the answer is cut off', { kind: 'no-connection', errno: 'ECONNRESET' }],
    ['the answer is odd', { kind: 'wrong-shape', where: 'data' }],
    ['the answer is a page', { kind: 'unexpected-status', status: 404 }],
    ['Tiki failed', refused(500)],
    ['Tiki failed with status 200', refused(200, { code: 500 })],
    ['Tiki failed while it refused', refused(500, { code: 400 })],
    ['the envelope does not tell', refused(200)],
  ] as const)('may be there, where %s', async (_, failure) => {
    expect(await create(failure)).toMatchObject({ kind: 'unclear' });
  });

  it('certainly is not, where the circuit breaker is open', async () => {
    const problem = new Problem('tiki-unavailable');
    const open = payments({ call: () => Promise.reject(problem) });
    expect(await open.create(ORDER, CONTEXT)).toEqual({ kind: 'not-created', problem });
    const broken = payments({ call: () => Promise.reject(new TypeError('a bug')) });
    await expect(broken.create(ORDER, CONTEXT)).rejects.toThrow(TypeError);
  });
});

it.each([
  ['null', []],
  ['[{"id":"1","status":"draft","grand_total":5},{"id":2}]', ['1']],
])('lists what is of the documented shape in %s', async (orders, ids) => {
  const body = Buffer.from(`{"data":{"orders":${orders}},"error":null}`);
  const listing = payments({
    call: ({ answer }) => Promise.resolve(readAnswer({ status: 200, body }, answer)),
  });
  expect((await listing.list(['1', '2'], CONTEXT)).map(({ id }) => id)).toEqual(ids);
});
