import * as z from 'zod';
import { FINDINGS } from '../../src/payments/finding';
import { ENTITLEMENT_ERRORS } from '../../src/premium/entitlement-error';
import { PROBLEMS } from '../../src/problem';

// The data dictionary of the log, from which docs/log.md is written and against which entries are held.

export interface Field {
  readonly schema: z.ZodType;
  /** For readers: the type with its unit. */
  readonly type: string;
  /** Undefined: in every entry of its kind. */
  readonly when?: string;
  /** What it tells about a person; undefined: nothing. */
  readonly personal?: string;
}

export interface Entry {
  /** As the heading of its table. */
  readonly name: string;
  /** Which functions write it, and when. */
  readonly about: string;
  /** Files of functions/src that build it. */
  readonly sources: readonly string[];
  readonly message: RegExp;
  readonly fields: Readonly<Record<string, Field>>;
}

const field = (schema: z.ZodType, type: string, when?: string, personal?: string): Field => ({
  schema,
  type,
  ...(when !== undefined && { when }),
  ...(personal !== undefined && { personal }),
});

const text = z.string();
const count = z.int().nonnegative();
const FAILED = 'on failure';
const PSEUDONYM = 'pseudonym of a customer';

const severity = (...names: readonly string[]) => field(z.enum(names), names.join(', '));
const message = field(text, 'text: the entry in one line');
const outcome = (...names: readonly string[]) =>
  field(z.enum(names), names.map((name) => `\`${name}\``).join(', '));
const uid = (when?: string) =>
  field(z.string().max(128), 'text: `tiki:<customer id>`', when, PSEUDONYM);
const reference = field(z.string().max(64), "text: the order's reference", undefined, PSEUDONYM);

const note = z.strictObject({
  cause: text,
  account: text.optional(),
  remedy: text.optional(),
  tiki: z.record(text, z.union([text, z.number()])).optional(),
});
const operator = (when: string) =>
  field(
    note,
    'object: `cause`, and where there are some, `account`, `remedy`, `tiki`',
    when,
    'in `rate-limited` only: a client address, or a pseudonym',
  );

const described = z.strictObject({
  name: text,
  message: text,
  code: text.optional(),
  frames: z.array(text),
});
const error = (when: string) =>
  field(described, 'object: `name`, `message`, `code`, `frames`; without secrets', when);

const ms = (type: string) => field(z.record(text, z.number()), type);

/** Of Cloud Logging: https://cloud.google.com/logging/docs/structured-logging */
const TRACE = {
  'logging.googleapis.com/trace': field(text, 'text: id of the trace', 'if it came with one'),
  'logging.googleapis.com/labels': field(
    z.strictObject({ execution_id: text }),
    'object: `execution_id`',
    'if it came with one',
  ),
};

const finding = z.strictObject({
  reference: text,
  kind: z.enum(FINDINGS),
  detail: text.optional(),
  mayPass: z.boolean().optional(),
});
const difference = z.strictObject({ reference: text, orderId: text.nullable(), what: text });
const total = z.strictObject({ count, vnd: z.int(), atTikiVnd: z.string() });
const drift = z.strictObject({
  uid: text,
  kind: text,
  mended: z.boolean(),
  failure: z.enum(Object.keys(ENTITLEMENT_ERRORS)).optional(),
  withheld: z.literal(true).optional(),
});
const notification = {
  uid: uid(),
  id: field(text, 'text: id of the notification'),
};

export const ENTRIES: readonly Entry[] = [
  {
    name: 'Requests',
    about:
      '`auth`, `gateway`, `sessions`, `backend` and `payments`: one for each request, of at most 2 KB.',
    sources: ['http/serve.ts', 'http/request.ts', 'log/request-entry.ts', 'log/write-log.ts'],
    message: /^[\w.-]+: [\w-]+/,
    fields: {
      severity: severity('INFO', 'WARNING', 'ERROR'),
      message,
      route: field(
        z.string().regex(/^[\w.-]+$/),
        'text: such as `auth_exchange`, `firestore.get`; `unknown`',
      ),
      outcome: field(
        z.enum([
          'ok',
          'client-gone',
          'auth-quota-exceeded',
          'backend-forbidden',
          ...Object.keys(PROBLEMS),
        ]),
        '`ok`, an error code, `client-gone`, `auth-quota-exceeded`, `backend-forbidden`',
      ),
      status: field(z.int().min(100).max(599), 'number: HTTP status; 499 if the caller hung up'),
      requestId: field(z.string().max(64), 'text: as in the answer'),
      uid: uid('if known; never in `gateway`'),
      ms: ms('object of numbers, ms: `total`, and in `auth` `tiki`, `signing`, `firestore`'),
      operator: operator('on failures that an operator can do something about'),
      error: error('on unexpected failures'),
      appCheck: error('if a login went on without App Check'),
      ...TRACE,
    },
  },
  {
    name: 'Rate limit store',
    about:
      '`auth` and `sessions` with `RATE_LIMIT_STORE=firestore`: Firestore does not count. At most every ' +
      'five minutes.',
    sources: ['limits/store/report-rarely.ts'],
    message: /^rate limit: this instance counts on its own: /,
    fields: {
      severity: severity('WARNING'),
      message,
      operator: operator('always'),
      failures: field(count, 'number: requests that were not counted since the last entry'),
      error: error('always'),
    },
  },
  {
    name: 'Traces',
    about:
      '`auth` with `TRACES_ENDPOINT`: the collector does not take a trace. Once in an instance.',
    sources: ['traces/open-traces.ts'],
    message: /^traces: the collector does not take them/,
    fields: {
      severity: severity('WARNING'),
      message,
      outcome: outcome('traces-not-exported'),
      operator: operator('always'),
      error: error('always'),
    },
  },
  {
    name: 'Framework',
    about: 'Any public function: requests arrive through Express. Once in an instance.',
    sources: ['server/take-over.ts'],
    message: /^functions-framework's server was not found/,
    fields: { severity: severity('WARNING'), message },
  },
  {
    name: 'Premium that waits',
    about:
      '`payments`: premium is stored, and not on the account yet. The reconciler puts it there.',
    sources: ['payments/project-premium.ts'],
    message: /^payments: premium of \S+ is stored, but not on the account yet$/,
    fields: {
      severity: severity('WARNING'),
      message,
      reference,
      uid: uid(),
      error: error('always'),
    },
  },
  {
    name: 'Order that is abandoned',
    about: "`payments`: Tiki's answer to a new order was lost. The customer can order again.",
    sources: ['payments/checkout.ts'],
    message: /^payments: order \S+ is abandoned/,
    fields: { severity: severity('WARNING'), message, reference, uid: uid() },
  },
  {
    name: 'Order that differs',
    about: '`payments`: a message of Tiki is about an order that is not the one created here.',
    sources: ['payments/notification.ts'],
    message: /^payments: Tiki's order for \S+ has another /,
    fields: {
      severity: severity('ERROR'),
      message,
      outcome: outcome('order-mismatch'),
      reference,
      orderId: field(text, "text: Tiki's id of the order", undefined, PSEUDONYM),
      operator: operator('always'),
    },
  },
  {
    name: 'Order that nobody knows',
    about: '`payments`: a message of Tiki is about an order that this bridge did not create.',
    sources: ['payments/notification.ts'],
    message: /^payments: .+: its order is /,
    fields: {
      severity: severity('ERROR'),
      message,
      outcome: outcome('unknown-order'),
      reference: { ...reference, when: 'if it is one of this bridge' },
      orderId: field(text, "text: Tiki's id of the order", undefined, PSEUDONYM),
      operator: operator('always'),
    },
  },
  {
    name: 'Orders reconciled',
    about: '`reconcilePayments`: one for each run.',
    sources: ['payments/jobs.ts'],
    message: /^reconcilePayments: \d+ orders, /,
    fields: {
      severity: severity('INFO', 'WARNING', 'ERROR'),
      message,
      outcome: outcome('ok', 'findings'),
      looked: field(count, 'number: orders that were due'),
      repaired: field(count, 'number: orders whose state at Tiki was not known here'),
      completed: field(count, 'number: orders that were declared delivered'),
      isFinished: field(z.boolean(), 'boolean: false if more was due than one run takes'),
      findings: field(
        z.array(finding).max(50),
        'list of up to 50: `reference`, `kind`, `detail`, `mayPass`',
        'if there are some',
        PSEUDONYM,
      ),
      operator: operator('if there are findings'),
    },
  },
  {
    name: "Day's statement",
    about: '`paymentsDaily`: one for each day.',
    sources: ['payments/jobs.ts'],
    message: /^paymentsDaily: \d{4}-\d\d-\d\d: /,
    fields: {
      severity: severity('INFO', 'ERROR'),
      message,
      outcome: outcome('ok', 'differences'),
      day: field(z.string().regex(/^\d{4}-\d\d-\d\d$/), 'text: the day in Viet Nam, `YYYY-MM-DD`'),
      paid: field(total, 'object: `count`, `vnd`, `atTikiVnd` (dong, as text)'),
      completed: field(total, 'the same'),
      refunded: field(total, 'the same'),
      differences: field(
        z.array(difference).max(50),
        'list of up to 50: `reference`, `orderId`, `what`',
        'if there are some',
        PSEUDONYM,
      ),
      operator: operator('if there are differences'),
    },
  },
  {
    name: 'Payments run that failed',
    about: '`reconcilePayments` and `paymentsDaily`: the run did not get to its end.',
    sources: ['payments/jobs.ts'],
    message: /^(?:reconcilePayments|paymentsDaily): not finished: /,
    fields: {
      severity: severity('ERROR'),
      message,
      outcome: outcome('not-finished'),
      operator: operator('always'),
      error: error('always'),
    },
  },
  {
    name: 'Premium reconciled',
    about: '`reconcilePremium`: one for each day. `ERROR` for `drift-left` and `withheld`.',
    sources: ['premium/daily.ts'],
    message: /^reconcilePremium: \d+ fixed, /,
    fields: {
      severity: severity('INFO', 'WARNING', 'ERROR'),
      message,
      outcome: outcome('ok', 'drift-left', 'withheld'),
      documents: field(count, 'number: entitlements that were looked at'),
      accounts: field(count, 'number: accounts that were looked at'),
      withoutAccount: field(count, 'number: customers with premium who have no account'),
      drift: field(z.record(text, count), 'object of numbers: differences, by kind'),
      mended: field(count, 'number: differences that were fixed'),
      left: field(
        z.array(drift).max(50),
        'list of up to 50: `uid`, `kind`, `mended`, `failure`, `withheld`',
        undefined,
        PSEUDONYM,
      ),
      withheld: field(count, 'number: accounts that would have lost premium', 'if too many would'),
      operator: operator('if premium was withheld'),
      ms: field(count, 'number: ms'),
    },
  },
  {
    name: 'Premium without a store',
    about: '`reconcilePremium`: this project has no Firestore database.',
    sources: ['premium/daily.ts'],
    message: /^reconcilePremium: nothing to do: /,
    fields: {
      severity: severity('INFO'),
      message,
      outcome: outcome('no-store'),
      ms: field(count, 'number: ms'),
    },
  },
  {
    name: 'Premium run that failed',
    about: '`reconcilePremium`: the run did not get to its end.',
    sources: ['premium/daily.ts'],
    message: /^reconcilePremium: not finished: /,
    fields: {
      severity: severity('ERROR'),
      message,
      outcome: outcome('not-finished'),
      operator: operator('always'),
      error: error('always'),
      ms: field(count, 'number: ms'),
    },
  },
  {
    name: 'Notification sent',
    about: '`pushNotification`: every device has answered, or none gets it.',
    sources: ['push/send-notification.ts'],
    message: /^push: (?:sent|malformed|switched-off)$/,
    fields: {
      severity: severity('INFO', 'ERROR'),
      message,
      ...notification,
      skipped: field(
        z.enum(['malformed', 'switched-off']),
        'text: why no device gets it',
        'if none',
      ),
      successes: field(count, 'number: devices'),
      failures: field(z.record(text, count), "object of numbers: devices, by FCM's code"),
      operator: operator('on failures that an operator can do something about'),
    },
  },
  {
    name: 'Notification on its way',
    about: '`pushNotification`: some devices have not answered; the event is delivered again.',
    sources: ['push/send-notification.ts', 'push/failure.ts'],
    message: /^push: not finished; the event is delivered again$/,
    fields: {
      severity: severity('WARNING', 'ERROR'),
      message,
      ...notification,
      codes: field(z.array(text), "list of FCM's codes", 'if FCM failed'),
      operator: operator('on failures that an operator can do something about'),
      error: error('on other failures'),
    },
  },
  {
    name: 'Push set up wrongly',
    about: 'The functions of push: a parameter, or access to FCM.',
    sources: ['push/assemble.ts', 'push/open-messaging.ts'],
    message:
      /^push: (?:misconfigured|signing-denied|signing-unavailable|upstream-unavailable|internal)$/,
    fields: { severity: severity('ERROR'), message, operator: operator(FAILED) },
  },
  {
    name: 'Notification not written',
    about: '`pushPremium`: Firestore failed; the event is delivered again.',
    sources: ['push/assemble.ts', 'push/failure.ts'],
    message: /^push: a notification was not written; the event is delivered again$/,
    fields: {
      severity: severity('WARNING', 'ERROR'),
      message,
      ...notification,
      operator: operator('on failures that an operator can do something about'),
      error: error('on other failures'),
    },
  },
  {
    name: "Day's reminders",
    about: '`pushDaily`: one for each day.',
    sources: ['push/daily.ts'],
    message: /^push: daily run$/,
    fields: {
      severity: severity('INFO'),
      message,
      reminded: field(count, 'number: reminders that were created'),
    },
  },
  {
    name: "Day's reminders that failed",
    about: '`pushDaily`: the run did not get to its end; it is retried.',
    sources: ['push/assemble.ts', 'push/failure.ts'],
    message: /^push: the daily run did not finish; it is retried$/,
    fields: {
      severity: severity('ERROR'),
      message,
      operator: operator('on failures that an operator can do something about'),
      error: error('on other failures'),
    },
  },
];

const schemaOf = ({ fields }: Entry) =>
  z.strictObject(
    Object.fromEntries(
      // The runtime adds these to entries that have none, where requests go through Express.
      Object.entries({ ...TRACE, ...fields }).map(([name, { schema, when }]) => [
        name,
        when === undefined ? schema : schema.optional(),
      ]),
    ),
  );

/** What in an entry of the log is not as the dictionary says; undefined: nothing. */
export function faultOf(logged: Readonly<Record<string, unknown>>): string | undefined {
  const words = String(logged['message']);
  const isRequest = Object.hasOwn(logged, 'route');
  const [requests, ...others] = ENTRIES;
  const entry = isRequest ? requests : others.find((each) => each.message.test(words));
  if (!entry) return `not in the dictionary: ${words}`;
  const { error: fault } = schemaOf(entry).safeParse(logged);
  return fault && `${words}: ${z.prettifyError(fault)}`;
}
