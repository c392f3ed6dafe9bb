import { parseCommandLine } from './command-line';
import { createOrder, simulatorForEachTest } from './test-client';
import { trigger } from './trigger';

const DEFAULTS = {
  name: 'start',
  port: 9010,
  clientKey: 'demo-client-key',
  clientSecret: 'demo-client-secret',
  ipnUrl: undefined,
};

it.each<[string[], object]>([
  [[], DEFAULTS],
  [['--port', '0', '--client-key', 'k'], { ...DEFAULTS, port: 0, clientKey: 'k' }],
  [
    ['listen', '--forward-to', 'http://localhost:5002/tiki_ipn'],
    { ...DEFAULTS, ipnUrl: 'http://localhost:5002/tiki_ipn' },
  ],
  [
    ['trigger', 'canceled', '--order', '12', '--port', '9011'],
    { name: 'trigger', port: 9011, status: 'canceled', orderId: '12' },
  ],
  [['--help', 'listen'], { name: 'help' }],
])('understands %j', (args, command) => {
  expect(parseCommandLine(args)).toEqual(command);
});

it.each([
  [['listen'], 'listen needs --forward-to <url>'],
  [['listen', '--forward-to', 'https://example.com/tiki_ipn'], 'must be one of this machine'],
  [['--forward-to', 'http://127.0.0.1:1/'], 'belongs to the command listen'],
  [['forward'], 'There is no command "forward"'],
  [['listen', 'here', '--forward-to', 'http://127.0.0.1:1/'], 'no command "listen here"'],
  [['trigger'], 'Name one status'],
  [['trigger', 'online_paid', 'canceled'], 'Name one status'],
])('refuses %j', (args, message) => {
  expect(() => parseCommandLine(args)).toThrow(message);
});

describe('trigger', () => {
  const tiki = simulatorForEachTest({ schedule: 'advance' });
  const port = () => Number(new URL(tiki().origin).port);

  it('changes the order that it is given, or the newest', async () => {
    const [older, newer] = [await createOrder(tiki()), await createOrder(tiki())];
    const done = await trigger(port(), 'online_paid', undefined);
    expect(done).toBe(`Order ${newer} is online_paid.`);
    expect(await trigger(port(), 'canceled', older)).toBe(`Order ${older} is canceled.`);
    expect(tiki().messages).toMatchObject([{ order: { id: newer } }, { order: { id: older } }]);
  });

  it('says what is wrong', async () => {
    const refused = trigger(port(), 'online_paid', undefined);
    await expect(refused).rejects.toThrow('no order can become online_paid');
    await expect(trigger(port(), 'paid', undefined)).rejects.toThrow('status must be one of draft');
    await tiki().close();
    await expect(trigger(port(), 'canceled', '1')).rejects.toThrow('No Tiki simulator answers at');
  });
});
