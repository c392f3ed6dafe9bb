import { createProgram } from '../program';
import type { OrdersOptions, OrdersTask } from './command';

const REFERENCE = `o${'1'.repeat(31)}`;

/** What would be done. */
async function parse(...args: readonly string[]) {
  let parsed: (OrdersOptions & { readonly task: OrdersTask }) | undefined;
  const program = createProgram({
    premium: () => Promise.reject(new Error('not premium')),
    push: () => Promise.reject(new Error('not push')),
    user: () => Promise.reject(new Error('not a user')),
    audit: () => Promise.reject(new Error('not the audit')),
    doctor: () => Promise.reject(new Error('not the doctor')),
    deploy: () => Promise.reject(new Error('not a deployment')),
    token: () => Promise.reject(new Error('not a token')),
    orders: (task, options) => {
      parsed = { task, ...options };
      return Promise.resolve();
    },
  });
  await program.parseAsync(['orders', ...args], { from: 'user' });
  return parsed;
}

beforeEach(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  jest.restoreAllMocks();
});

it.each<[string, OrdersTask]>([
  ['list', { name: 'list', size: 20 }],
  ['list --uid tiki:1 --last 5', { name: 'list', size: 5, uid: 'tiki:1' }],
  [`show ${REFERENCE}`, { name: 'show', reference: REFERENCE }],
  ['reconcile', { name: 'reconcile', yes: false }],
  [
    `reconcile ${REFERENCE} --yes`,
    { name: 'reconcile', reference: REFERENCE, yes: true, paid: false },
  ],
  [
    `reconcile ${REFERENCE} --paid`,
    { name: 'reconcile', reference: REFERENCE, yes: false, paid: true },
  ],
  [`refund ${REFERENCE}`, { name: 'refund', reference: REFERENCE, yes: false }],
  [`refund ${REFERENCE} --yes`, { name: 'refund', reference: REFERENCE, yes: true }],
  [
    'export --from 2027-01-01T00:00:00+07:00 --to 2027-02-01T00:00:00+07:00',
    {
      name: 'export',
      period: { from: Date.UTC(2026, 11, 31, 17), to: Date.UTC(2027, 0, 31, 17) },
    },
  ],
])('understands %s', async (line, task) => {
  expect(await parse(...line.split(' '), '--project', 'p')).toEqual({ task, project: 'p' });
});

it.each([
  ['another name than a reference', 'refund order-1', /named by its reference/],
  ['a path as reference', `show ../${REFERENCE}`, /named by its reference/],
  ['another uid', 'list --uid user-1', /A uid must be/],
  ['too many', 'list --last 1001', /--last must be/],
  ['a day without a zone', 'export --from 2027-01-01 --to 2027-02-01', /--from must be a time/],
  [
    'a period that ends before it begins',
    'export --from 2027-02-01T00:00:00Z --to 2027-01-01T00:00:00Z',
    /--to must be later/,
  ],
  ['no period', 'export', /required option/],
  ['a payment of no order', 'reconcile --paid', /--paid needs the reference/],
  ['no order to refund', 'refund', /missing required argument/],
])('refuses %s', async (_, line, message) => {
  await expect(parse(...line.split(' '))).rejects.toThrow(message);
});
