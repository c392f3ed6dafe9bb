import type { FaultRules } from '../fault-rules';
import type { Order } from '../orders/order';
import type { Schedule } from '../schedule';
import { writeMessage, type Message, type Signer } from './message';
import type { MessageFault, MessageFaultKind, MessageFaultRule } from './message-fault';
import { send, type SendOutcome } from './send';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The documented pauses before the second attempt, the third, and so on. */
const REPEATS_MS = [
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  60 * MINUTE_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  24 * HOUR_MS,
];

export interface Attempt {
  /** Epoch milliseconds, by the simulator's clock. */
  readonly at: number;
  readonly outcome: SendOutcome | 'answer-lost';
  readonly fault: MessageFaultKind | undefined;
}

/** A notification and what became of it. */
export interface SentMessage extends Message {
  /** `refused`: answered with a status that Tiki does not repeat after; `no-url`: nobody to send to. */
  readonly state: 'waiting' | 'delivered' | 'refused' | 'given-up' | 'no-url';
  /** As they are sent without a fault: an attack can send them again. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly attempts: readonly Attempt[];
}

export interface NotifierOptions {
  readonly signer: Signer;
  readonly now: () => number;
  readonly newMessageId: () => string;
  readonly schedule: Schedule;
  readonly faults: FaultRules<MessageFaultRule>;
  /** "No answer in 15 s", ms. */
  readonly timeoutMs: number;
  /** Ends what is being sent. */
  readonly signal: AbortSignal;
  /** Called after each attempt, and for a message that nobody receives. */
  readonly onMessage: (message: SentMessage) => void;
}

export interface Notifier {
  readonly registerUrl: (url: string) => void;
  /** Undefined before: messages are then recorded and not sent. */
  readonly url: () => string | undefined;
  /** Sends a notification of the order as it is now, by the schedule. */
  readonly notify: (order: Order) => void;
  readonly messages: readonly SentMessage[];
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Sends instant payment notifications, and again by Tiki's schedule of repeats. */
export function createNotifier(options: NotifierOptions): Notifier {
  const { signer, now, newMessageId, schedule, faults, onMessage } = options;
  const messages: SentMessage[] = [];
  let registered: string | undefined;
  let lastCreatedAt = 0;

  async function attempt(message: Mutable<SentMessage>, repeat: number): Promise<void> {
    const fault = faults.take('ipn', () => true);
    if (fault?.kind === 'delayed') {
      schedule.after(fault.ms, () => carryOut(message, repeat, fault));
    } else {
      await carryOut(message, repeat, fault);
    }
  }

  async function carryOut(
    message: Mutable<SentMessage>,
    repeat: number,
    fault: MessageFault | undefined,
  ): Promise<void> {
    const at = now();
    const outcomes = await outcomesOf(message, fault);
    const attempts = outcomes.map((outcome) => ({ at, outcome, fault: fault?.kind }));
    message.attempts = [...message.attempts, ...attempts];
    const pause = REPEATS_MS[repeat];
    if (!outcomes.some(isRepeatedAfter)) {
      message.state = outcomes.some(isSuccess) ? 'delivered' : 'refused';
    } else if (pause === undefined) {
      message.state = 'given-up';
    } else {
      schedule.after(pause, () => attempt(message, repeat + 1));
    }
    onMessage(message);
  }

  /** One outcome for each copy that was sent. */
  function outcomesOf(
    message: SentMessage,
    fault: MessageFault | undefined,
  ): Promise<Attempt['outcome'][]> {
    if (fault?.kind === 'lost' || registered === undefined) {
      return Promise.resolve(['network-failure']);
    }
    const url = registered;
    const wire = writeMessage(message, signer, fault);
    const copies = fault?.kind === 'repeated' ? fault.copies : 0;
    const sent = Array.from({ length: 1 + copies }, async () => {
      const outcome = await send(url, wire, options);
      return fault?.kind === 'answer-lost' ? 'answer-lost' : outcome;
    });
    return Promise.all(sent);
  }

  return {
    registerUrl(url) {
      registered = url;
    },
    url: () => registered,
    messages,
    notify(order) {
      // Backends put messages in order by this time, so no two have the same.
      lastCreatedAt = Math.max(now(), lastCreatedAt + 1);
      const made = {
        id: newMessageId(),
        order,
        createdAt: new Date(lastCreatedAt).toISOString(),
        // Kept for repeats: it is not documented whether Tiki signs them anew.
        signedAt: now(),
      };
      const { headers, body } = writeMessage(made, signer);
      const message: Mutable<SentMessage> = {
        ...made,
        state: registered === undefined ? 'no-url' : 'waiting',
        body: body.toString('utf8'),
        headers,
        attempts: [],
      };
      messages.push(message);
      if (registered === undefined) onMessage(message);
      else schedule.after(0, () => attempt(message, 0));
    },
  };
}

function isSuccess(outcome: Attempt['outcome']): boolean {
  return typeof outcome === 'number' && outcome >= 200 && outcome < 300;
}

/** "On 5xx, on no answer within 15 s and on network failure." */
function isRepeatedAfter(outcome: Attempt['outcome']): boolean {
  return typeof outcome !== 'number' || outcome >= 500;
}
