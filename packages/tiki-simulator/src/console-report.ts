import type { SentMessage } from './ipn/notifier';
import type { Order } from './orders/order';
import type { RecordedCall, TikiSimulator } from './types';

export const USAGE = `A stand-in for Tiki's Open API, for development only.

Usage: npm run tiki-simulator -- [command] [options]

  (no command)              starts the simulator
  listen                    starts it and sends payment notifications to your backend
    --forward-to <url>      where to, such as http://127.0.0.1:5002/tiki_ipn
  trigger <status>          changes an order at a running simulator, as Tiki would: online_paid,
                            canceled, waiting_for_verification, processing, on_delivery, completed
    --order <id>            which order                        (the newest that can take the status)

  --port <number>           port on 127.0.0.1, 0 for any       (9010)
  --client-key <text>       the Tini App's client key          (demo-client-key)
  --client-secret <text>    the Tini App's client secret       (demo-client-secret)
  --help                    this text
`;

export function greeting(
  { origin, apiBaseUrl }: TikiSimulator,
  clientKey: string,
  ipnUrl: string | undefined,
): string {
  return `
  Tiki simulator, for development only

    base URL     ${apiBaseUrl}
    client key   ${clientKey}
    IPN URL      ${ipnUrl ?? 'none: payments are not notified. See the command listen, in --help'}

  Get an auth code, like my.getAuthCode:

    curl ${origin}/simulator/auth-codes -H 'Content-Type: application/json' \\
      -d '{"customerId": "1001", "scopes": ["offline"]}'

  Pay an order, like my.makePayment:

    curl ${origin}/simulator/payments -H 'Content-Type: application/json' \\
      -d '{"orderId": "...", "outcome": "paid"}'

  Each call to the Open API is listed below: time, method, path, outcome, duration, and the problem,
  if any; between them changes of orders, and notifications with their answers.
  ${origin}/simulator/calls shows the last hundred with their headers. Ctrl-C stops.
`;
}

export function busyPort(port: number): string {
  return (
    `Port ${port} is in use, perhaps by another Tiki simulator. ` +
    'Stop that one, or choose another port: npm run tiki-simulator -- --port 9011'
  );
}

/** One line per call. Control characters from the caller are replaced. */
export function callLine(call: RecordedCall, colours: boolean): string {
  const outcome = painted(call.outcome, colours ? colourOf(call) : '');
  const problem = call.problem === undefined ? '' : `  ${printable(call.problem)}`;
  const request = printable(`${call.method} ${call.path}`);
  return `  ${timeOf(call.at)}  ${request}  ${outcome}  ${call.ms ?? 0} ms${problem}`;
}

/** One line per change of an order. The reference is the caller's. */
export function orderLine(order: Order, at: number): string {
  const refunded = order.refunded ? ', refunded' : '';
  const reference = printable(order.referenceId);
  return `  ${timeOf(at)}  order ${order.id} ${order.status}${refunded}  ${order.grandTotalVnd} VND  ${reference}`;
}

/** One line per attempt to deliver a notification. */
export function messageLine(message: SentMessage, at: number, colours: boolean): string {
  const about = `IPN ${message.order.status} of order ${message.order.id}`;
  const last = message.attempts.at(-1);
  const fault = last?.fault === undefined ? '' : ` (fault:${last.fault})`;
  const outcome = last === undefined ? 'no IPN URL' : `${last.outcome}${fault}`;
  const again = message.state === 'waiting' ? ', to be sent again' : '';
  const attempt = last === undefined ? '' : `  attempt ${message.attempts.length}`;
  const colour = message.state === 'delivered' ? GREEN : RED;
  return `  ${timeOf(at)}  ${about}  ${painted(outcome, colours ? colour : '')}${attempt}${again}`;
}

const PLAIN = '\u001b[0m';

const GREEN = '\u001b[32m';
const YELLOW = '\u001b[33m';
const RED = '\u001b[31m';

function colourOf({ outcome }: RecordedCall): string {
  if (outcome === 'ok') return GREEN;
  return outcome.startsWith('fault:') ? YELLOW : RED;
}

/** Plain if there is no colour. */
function painted(text: string, colour: string): string {
  return colour === '' ? text : `${colour}${text}${PLAIN}`;
}

/** `hh:mm:ss` */
function timeOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

function printable(text: string): string {
  return text.replaceAll(/[^ -~]/g, '?');
}
