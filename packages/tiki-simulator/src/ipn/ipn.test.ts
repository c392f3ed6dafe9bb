import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../read-body';
import { tikiSignature } from '../signature';
import { CLIENT_KEY, CLIENT_SECRET, createOrder, simulatorForEachTest } from '../test-client';
import type { MessageFault } from './message-fault';
import type { SentMessage } from './notifier';

const START = Date.UTC(2026, 10, 26);
const MINUTE_MS = 60_000;

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A backend that answers with these statuses, then with 200. `hang`: it does not answer. */
interface Receiver {
  readonly url: string;
  readonly received: Received[];
  readonly answers: (number | 'hang' | 'reset')[];
  readonly close: () => void;
}

async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers: (number | 'hang' | 'reset')[] = [];
  const server: Server = createServer((request, response) => {
    void readBody(request, 64 * 1024).then(({ bytes }) => {
      received.push({ headers: request.headers, body: bytes });
      const answer = answers.shift() ?? 200;
      if (answer === 'reset') request.socket.resetAndDestroy();
      if (typeof answer === 'number') response.writeHead(answer).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/tiki_ipn`,
    received,
    answers,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Whether Tiki's secret signed exactly these bytes. */
function isSigned({ headers, body }: Received): boolean {
  const timestamp = String(headers['x-tiniapp-timestamp']);
  const signature = tikiSignature(CLIENT_SECRET, {
    timestamp,
    clientKey: CLIENT_KEY,
    content: body,
  });
  return (
    headers['x-tiniapp-client-id'] === CLIENT_KEY && headers['x-tiniapp-signature'] === signature
  );
}

describe('a notification', () => {
  let receiver: Receiver;
  const tiki = simulatorForEachTest({
    schedule: 'advance',
    now: () => START,
  });
  beforeEach(async () => {
    receiver = await startReceiver();
    tiki().registerIpnUrl(receiver.url);
  });
  afterEach(() => {
    receiver.close();
  });

  async function payOrder(): Promise<string> {
    const orderId = await createOrder(tiki(), {}, { timestamp: START });
    tiki().pay({ orderId });
    return orderId;
  }
  const bodies = () =>
    receiver.received.map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>);
  const outcomes = () => tiki().messages[0]?.attempts.map(({ outcome }) => outcome);
  const state = () => tiki().messages[0]?.state;

  it('has the documented members, signed with the three headers over its bytes', async () => {
    const orderId = await payOrder();
    expect(receiver.received).toEqual([]);
    await tiki().advance(0);
    const [received] = receiver.received;
    expect(received?.body.toString()).toBe(
      `{"order":{"id":"${orderId}","status":"online_paid","grand_total":49000,` +
        `"tiki_order_id":"${tiki().orders()[0]?.tikiOrderId ?? ''}",` +
        `"tiki_order_code":"${tiki().orders()[0]?.tikiOrderCode ?? ''}",` +
        `"extra":"","reference_id":"o1"},"message_id":"${tiki().messages[0]?.id ?? ''}",` +
        `"message_type":"notification","message_created_at":"2026-11-26T00:00:00.000Z"}`,
    );
    expect(received?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-tiniapp-timestamp': String(START),
    });
    expect(receiver.received.map(isSigned)).toEqual([true]);
    expect([state(), outcomes()]).toEqual(['delivered', [200]]);
  });

  it('has an id and a time of its own', async () => {
    await payOrder();
    tiki().trigger({ status: 'canceled' });
    await tiki().advance(0);
    const [paid, canceled] = bodies();
    expect(paid).toMatchObject({ order: { status: 'online_paid' } });
    expect(canceled).toMatchObject({
      order: { status: 'canceled' },
      message_created_at: '2026-11-26T00:00:00.001Z',
    });
    expect(canceled?.['message_id']).not.toBe(paid?.['message_id']);
  });

  it('is sent again after 1, 5, 30 and 60 minutes, 6, 12 and 24 hours, then given up', async () => {
    receiver.answers.push(...Array.from({ length: 8 }, () => 503));
    await payOrder();
    await tiki().advance(0);
    for (const [repeats, minutes] of [1, 5, 30, 60, 360, 720, 1440].entries()) {
      await tiki().advance(minutes * MINUTE_MS - 1);
      expect(receiver.received).toHaveLength(repeats + 1);
      expect(state()).toBe('waiting');
      await tiki().advance(1);
      expect(receiver.received).toHaveLength(repeats + 2);
    }
    expect(state()).toBe('given-up');
    await tiki().advance(365 * 1440 * MINUTE_MS);
    expect(receiver.received).toHaveLength(8);
    // Each time the same bytes, with the first timestamp.
    expect(new Set(receiver.received.map(({ body }) => body.toString())).size).toBe(1);
    expect(receiver.received.every(isSigned)).toBe(true);
  });

  it('is sent again after a network failure and an error', async () => {
    receiver.answers.push('reset', 500);
    await payOrder();
    await tiki().advance(2 * 3_600_000);
    expect([state(), outcomes()]).toEqual(['delivered', ['network-failure', 500, 200]]);
  });

  describe('to a backend that does not answer', () => {
    const hurried = simulatorForEachTest({
      ...{ schedule: 'advance', now: () => START },
      // So short, a busy machine may miss it: seven repeats are left for the answer.
      ipnTimeoutMs: 100,
    });

    it('is sent again', async () => {
      hurried().registerIpnUrl(receiver.url);
      receiver.answers.push('hang');
      const orderId = await createOrder(hurried(), {}, { timestamp: START });
      hurried().pay({ orderId });
      await hurried().advance(48 * 60 * MINUTE_MS);
      const [message] = hurried().messages;
      const attempts = message?.attempts.map(({ outcome }) => outcome);
      expect(attempts?.[0]).toBe('no-answer');
      expect([message?.state, attempts?.at(-1)]).toEqual(['delivered', 200]);
    });
  });

  it.each([400, 401, 404, 302])('is not sent again after %d', async (status) => {
    receiver.answers.push(status);
    await payOrder();
    await tiki().advance(365 * 1440 * MINUTE_MS);
    expect([state(), outcomes()]).toEqual(['refused', [status]]);
  });

  it('reaches a backend that was down for an hour', async () => {
    receiver.close();
    await payOrder();
    await tiki().advance(60 * MINUTE_MS);
    expect(outcomes()).toEqual([
      'network-failure',
      'network-failure',
      'network-failure',
      'network-failure',
    ]);
    receiver = await startReceiver();
    tiki().registerIpnUrl(receiver.url);
    await tiki().advance(60 * MINUTE_MS);
    expect([state(), receiver.received.length]).toEqual(['delivered', 1]);
  });

  it.each<[string, MessageFault, readonly unknown[], boolean]>([
    ['lost', { kind: 'lost' }, ['network-failure', 200], true],
    ['processed without an answer', { kind: 'answer-lost' }, ['answer-lost', 200], true],
    ['repeated', { kind: 'repeated', copies: 9 }, Array.from({ length: 10 }, () => 200), true],
    ['forged', { kind: 'forged' }, [200], false],
    ['unsigned', { kind: 'unsigned' }, [200], false],
    ['damaged in one bit', { kind: 'flipped-bit' }, [200], false],
    ['re-serialised', { kind: 'reserialised' }, [200], false],
    ['old', { kind: 'old-timestamp', ms: 3_600_000 }, [200], true],
    ['about another amount', { kind: 'order', members: { grand_total: '1' } }, [200], true],
  ])('can be %s', async (_, fault, seen, signed) => {
    tiki().setFault({ path: 'ipn', fault });
    await payOrder();
    await tiki().advance(MINUTE_MS);
    expect(outcomes()).toEqual(seen);
    expect(tiki().messages[0]?.attempts[0]?.fault).toBe(fault.kind);
    expect(receiver.received.map(isSigned)).toEqual(receiver.received.map(() => signed));
    for (const { body } of receiver.received)
      expect(() => JSON.parse(body.toString()) as unknown).not.toThrow();
    // One fault, one attempt.
    await payOrder();
    await tiki().advance(0);
    expect(receiver.received.slice(-1).map(isSigned)).toEqual([true]);
  });

  it('shows what each damage changed', async () => {
    const kinds = [
      { kind: 'flipped-bit' },
      { kind: 'reserialised' },
      { kind: 'old-timestamp', ms: 5 },
      { kind: 'order', members: { grand_total: '1' } },
    ] as const;
    for (const fault of kinds) tiki().setFault({ path: 'ipn', fault });
    const ids: string[] = [];
    for (let order = 0; order < 4; order += 1) {
      ids.push(await payOrder());
      await tiki().advance(0);
    }
    const [flipped, reserialised, , cheaper] = bodies();
    const sent = tiki().messages.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(flipped).not.toEqual(sent[0]);
    expect(reserialised).toEqual(sent[1]);
    expect(receiver.received[1]?.body.toString()).not.toBe(tiki().messages[1]?.body);
    expect(receiver.received[2]?.headers['x-tiniapp-timestamp']).toBe(String(START - 5));
    expect(cheaper).toMatchObject({ order: { id: ids[3], grand_total: 1 } });
  });

  it('can be overtaken by a newer one', async () => {
    tiki().setFault({ path: 'ipn', fault: { kind: 'delayed', ms: 10 * MINUTE_MS } });
    await payOrder();
    await tiki().advance(0);
    tiki().trigger({ status: 'canceled' });
    await tiki().advance(10 * MINUTE_MS);
    expect(bodies()).toMatchObject([
      { order: { status: 'canceled' } },
      { order: { status: 'online_paid' } },
    ]);
  });

  it('can be sent by hand once more, as an attacker who saw it would', async () => {
    await payOrder();
    const [message] = tiki().messages;
    const { url } = receiver;
    await fetch(url, {
      method: 'POST',
      headers: message?.headers ?? {},
      body: message?.body ?? '',
    });
    expect(receiver.received.map(isSigned)).toEqual([true]);
  });
});

describe('without an IPN URL', () => {
  const tiki = simulatorForEachTest({ schedule: 'advance' });

  it('notifications are recorded and not sent', async () => {
    tiki().pay({ orderId: await createOrder(tiki()) });
    await tiki().advance(MINUTE_MS);
    expect(tiki().messages).toMatchObject([{ state: 'no-url', attempts: [] }]);
  });
});

describe('without advance', () => {
  let onMessage: (message: SentMessage) => void = () => undefined;
  const tiki = simulatorForEachTest({
    onMessage: (message) => {
      onMessage(message);
    },
  });

  it('notifications are sent by themselves', async () => {
    const receiver = await startReceiver();
    tiki().registerIpnUrl(receiver.url);
    const reported = new Promise<SentMessage>((resolve) => {
      onMessage = resolve;
    });
    tiki().pay({ orderId: await createOrder(tiki()) });
    expect(await reported).toMatchObject({ state: 'delivered', attempts: [{ outcome: 200 }] });
    receiver.close();
  });
});
