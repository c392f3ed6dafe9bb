import { startPayments } from '../../payments/support/payments';

it('is refused: the signature is that of the bytes, not of what they mean', async () => {
  const payments = await startPayments();
  const order = await payments.place();
  payments.tiki.setFault({ path: 'ipn', fault: { kind: 'reserialised' } });
  await payments.pay(order);
  expect(payments.lastAnswer()).toBe(401);

  const { body = '', headers = {} } = payments.tiki.messages[0] ?? {};
  const value: unknown = JSON.parse(body);
  for (const again of [JSON.stringify(value, null, 1), `${body}\n`, ` ${body}`, `\ufeff${body}`]) {
    expect((await payments.ask('/tiki_ipn', { body: again, headers })).status).toBe(401);
  }
  expect([...payments.shop.orders.values()]).toMatchObject([{ state: 'waiting' }]);
});
