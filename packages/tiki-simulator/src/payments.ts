import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { createFaultRules, type FaultRules } from './fault-rules';
import { InvalidInput } from './fields';
import { parseIpnUrl } from './ipn/ipn-url';
import type { MessageFaultRule } from './ipn/message-fault';
import { createNotifier } from './ipn/notifier';
import type { OrderCallOptions } from './orders/order-calls';
import { parsePayment, parseTrigger } from './orders/order-input';
import { createOrderStore } from './orders/order-store';
import { createShop } from './orders/shop';
import { randomDigits } from './random-digits';
import { createSchedule } from './schedule';
import type { TikiSimulator, TikiSimulatorOptions } from './types';

export interface Payments {
  /** For the Open API. */
  readonly calls: OrderCallOptions;
  readonly messageFaults: FaultRules<MessageFaultRule>;
  readonly ipnUrl: () => string | undefined;
  /** What the simulator offers of it. */
  readonly controls: Pick<
    TikiSimulator,
    'pay' | 'trigger' | 'registerIpnUrl' | 'advance' | 'orders' | 'messages'
  >;
  readonly close: () => void;
}

/** Orders, the payment sheet, and the notifications of both. */
export function createPayments(options: TikiSimulatorOptions): Payments {
  const { clientKey, clientSecret, now = Date.now, onOrder, onMessage } = options;
  const messageFaults = createFaultRules<MessageFaultRule>();
  const schedule = createSchedule(now, options.schedule !== 'advance');
  const closed = new AbortController();
  // As many as messages are on their way.
  setMaxListeners(0, closed.signal);
  const notifier = createNotifier({
    signer: { clientKey, clientSecret },
    now,
    newMessageId: randomUUID,
    schedule,
    faults: messageFaults,
    timeoutMs: options.ipnTimeoutMs ?? 15_000,
    signal: closed.signal,
    onMessage: (message) => onMessage?.(message),
  });
  if (options.ipnUrl !== undefined) notifier.registerUrl(parseIpnUrl(options.ipnUrl));
  const orders = createOrderStore({ now, randomDigits, onChange: (order) => onOrder?.(order) });
  const shop = createShop(orders, schedule, notifier.notify);

  return {
    calls: { orders, onCreated: shop.expireUnlessPaid },
    messageFaults,
    ipnUrl: notifier.url,
    // Input from this process is parsed as well, as in the control API.
    controls: {
      pay: (payment) => shop.pay(parsePayment(payment)),
      trigger(trigger) {
        const result = shop.trigger(parseTrigger(trigger));
        if ('problem' in result) throw new InvalidInput(result.problem);
        return result.found;
      },
      registerIpnUrl(url) {
        notifier.registerUrl(parseIpnUrl(url));
      },
      advance: schedule.advance,
      orders: orders.all,
      messages: notifier.messages,
    },
    close() {
      schedule.close();
      closed.abort();
    },
  };
}
