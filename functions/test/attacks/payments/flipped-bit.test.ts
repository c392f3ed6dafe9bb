import { startPayments } from '../../payments/support/payments';

it('is noticed anywhere in the bytes of a message', async () => {
  const payments = await startPayments();
  const order = await payments.place();
  payments.tiki.setFault({ path: 'ipn', fault: { kind: 'flipped-bit' } });
  await payments.pay(order);
  expect(payments.lastAnswer()).toBe(401);

  const [message] = payments.tiki.messages;
  const bytes = Buffer.from(message?.body ?? '');
  for (let at = 0; at < bytes.length; at += 7) {
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at % 8)), at);
    const response = await fetch(`${payments.origin}/tiki_ipn`, {
      method: 'POST',
      headers: message?.headers ?? {},
      body: flipped,
    });
    expect(response.status).toBe(401);
  }
  expect([...payments.shop.orders.values()]).toMatchObject([{ state: 'waiting' }]);

  const { body = '', headers = {} } = message ?? {};
  expect((await payments.ask('/tiki_ipn', { body, headers })).status).toBe(200);
});
