import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toText } from './html';
import { frameFor } from './pages/layout';
import { receiptsPage } from './pages/receipts';
import { readReceipts, type Receipts } from './receipts';

const ATTACK = `"><img src=x onerror='alert(1)'>`;
const ASSETS = {
  styles: '',
  signIn: '',
  profile: '',
  premium: '',
  notifications: '',
  tiniApp: '',
};
/** 06:30 on the 27th in Viet Nam. */
const PAID_AT = Date.UTC(2026, 10, 26, 23, 30);

const text = (stringValue: string) => ({ stringValue });
const whole = (value: number) => ({ integerValue: String(value) });
const FIELDS = {
  reference: text('o1'),
  orderId: text('88062110977884170'),
  name: { mapValue: { fields: { vi: text('1 tháng'), en: text('1 month') } } },
  priceVnd: whole(49_000),
  days: whole(30),
  paidAt: whole(PAID_AT),
  state: text('paid'),
  refundedAt: { nullValue: null },
};
const RECEIPT = {
  reference: 'o1',
  name: { vi: '1 tháng', en: '1 month' },
  priceVnd: 49_000,
  paidAt: PAID_AT,
  refundedAt: null,
};

/** What Firestore answers. */
let answer: { readonly status: number; readonly body: unknown };
let asked: { readonly url: string | undefined; readonly authorization: string | undefined };
let firestore: Server;
let host: string;
beforeAll(async () => {
  firestore = createServer(({ url, headers }, response) => {
    asked = { url, authorization: headers.authorization };
    response.writeHead(answer.status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  });
  firestore.listen(0, '127.0.0.1');
  await once(firestore, 'listening');
  host = `127.0.0.1:${(firestore.address() as AddressInfo).port}`;
});
afterAll(async () => {
  firestore.closeAllConnections();
  firestore.close();
  await once(firestore, 'close');
});

const readFrom = (firestoreEmulatorHost: string | undefined) =>
  readReceipts(
    { uid: 'tiki:1', idToken: 'a.b.c' },
    {
      ...{ projectId: 'demo-tiki-bridge', apiKey: 'key', emulated: true },
      ...{ authEmulatorHost: undefined, firestoreEmulatorHost },
    },
  );
const read = () => readFrom(host);

describe('receipts', () => {
  it("are the user's own, asked for with their token", async () => {
    answer = { status: 200, body: { documents: [{ name: 'n', fields: FIELDS }] } };
    expect(await read()).toEqual({ state: 'read', receipts: [RECEIPT] });
    expect(asked.authorization).toBe('Bearer a.b.c');
    expect(asked.url).toContain('/documents/users/tiki%3A1/receipts?orderBy=paidAt+desc');
  });

  it('are none for a user who has bought nothing', async () => {
    answer = { status: 200, body: {} };
    expect(await read()).toEqual({ state: 'read', receipts: [] });
  });

  it.each<[string, number, unknown]>([
    ['a refusal by the rules', 403, { error: { code: 403 } }],
    ['a failure', 503, {}],
    ['no list', 200, { documents: 'none' }],
    ['an amount as text', 200, { documents: [{ fields: { ...FIELDS, priceVnd: text('1') } }] }],
    ['no name', 200, { documents: [{ fields: { ...FIELDS, name: undefined } }] }],
    ['null', 200, { documents: [null] }],
  ])('are not shown from %s', async (_, status, body) => {
    const log = jest.spyOn(console, 'error').mockImplementation();
    answer = { status, body };
    expect(await read()).toEqual({ state: 'unavailable' });
    expect(log).toHaveBeenCalledTimes(1);
    expect(String(log.mock.calls[0])).not.toContain('a.b.c');
    log.mockRestore();
  });

  it('are not asked of production by an emulated function', async () => {
    const log = jest.spyOn(console, 'error').mockImplementation();
    expect(await readFrom(undefined)).toEqual({ state: 'unavailable' });
    // Nothing was tried.
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });
});

describe('the page', () => {
  const pageOf = (receipts: Receipts, language: 'vi' | 'en' = 'en') =>
    toText(receiptsPage(frameFor({ language, chosen: false }, ASSETS), receipts));
  const one = (changes: object = {}) =>
    ({ state: 'read', receipts: [{ ...RECEIPT, ...changes }] }) as const;

  it.each([
    ['vi', '27 thg 11, 2026', '1 tháng', '49.000\u00a0₫'],
    ['en', '27 Nov 2026', '1 month', '₫49,000'],
  ] as const)('shows day, plan and amount in %s', (language, day, name, amount) => {
    const page = pageOf(one(), language);
    for (const shown of [day, name, amount]) expect(page).toContain(shown);
  });

  it('says what was refunded, what is not there, and what cannot be read', () => {
    expect(pageOf(one({ refundedAt: PAID_AT }))).toContain('refunded on 27 Nov 2026');
    expect(pageOf(one())).not.toContain('refunded');
    expect(pageOf({ state: 'read', receipts: [] })).toContain('not bought anything');
    expect(pageOf({ state: 'unavailable' })).toContain('cannot be read');
  });

  it('escapes what the documents say', () => {
    const page = pageOf(one({ reference: ATTACK, name: { vi: ATTACK, en: ATTACK } }));
    expect(page).not.toContain('<img');
  });
});
