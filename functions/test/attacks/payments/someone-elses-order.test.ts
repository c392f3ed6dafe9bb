import { startPayments } from '../../payments/support/payments';

it('cannot be read, and is not told apart from one that does not exist', async () => {
  const payments = await startPayments();
  const { reference } = await payments.place({ customerId: '1' });
  const nobodys = `o${'0'.repeat(31)}`;

  const answers = await Promise.all(
    [reference, nobodys].map(async (each) => {
      const response = await payments.ask(`/orders/${each}`, { headers: payments.bearer('2') });
      return { ...((await response.json()) as object), requestId: undefined };
    }),
  );
  expect(answers[0]).toMatchObject({ status: 404, code: 'not-found' });
  expect(answers[0]).toEqual(answers[1]);
  const list = await payments.ask('/orders', { headers: payments.bearer('2') });
  expect(await list.json()).toEqual({ orders: [] });

  // The same key is another order for another customer.
  expect((await payments.place({ customerId: '2' })).reference).not.toBe(reference);
});
