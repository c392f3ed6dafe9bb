import { createMy, type Phone } from './my';
import type { Call } from './observation';
import { success } from './outcome';

const HOLDER = { id: '9007199254740993', name: 'Phạm Ngọc Ánh' };
const DOMAIN = 'http://app.example';

/** A network with a fixed response, which records requests. */
function network(answer = Response.json({ ok: true })) {
  const sent: Request[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    sent.push(new Request(input, init));
    return Promise.resolve(answer);
  };
  return { sent, fetch };
}

function memory() {
  const texts = new Map<string, string>();
  return {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => void texts.set(key, text),
  };
}

/** Creates a `my`; `call` returns what the callbacks got. */
function open(changes: Partial<Phone> = {}) {
  const { my, show } = createMy({
    tiki: { customer: () => HOLDER, issueAuthCode: ({ scopes }) => Promise.resolve(scopes.join()) },
    storage: memory(),
    fetch: network().fetch,
    domain: DOMAIN,
    around: (_call, carryOut) => carryOut(),
    pay: (orderId) => Promise.resolve(success(`paid ${orderId}`)),
    ...changes,
  });
  const call = (name: Call['name'], options: object) =>
    new Promise<readonly [string, unknown]>((resolve) => {
      let first: readonly [string, unknown] = ['neither', undefined];
      const callback = (which: string) => (value: unknown) => (first = [which, value]);
      // The library's type for these functions is deliberately open.
      (my[name] as (options: object) => unknown)({
        ...options,
        success: callback('success'),
        fail: callback('fail'),
        complete: (value: unknown) => {
          expect(value).toBe(first[1]);
          resolve(first);
        },
      });
      expect(first[0]).toBe('neither');
    });
  return { my, show, call };
}

describe('my.request', () => {
  it('sends JSON and returns the whole response if requested', async () => {
    const { sent, fetch } = network(
      Response.json(
        { ok: true },
        { status: 200, statusText: 'OK', headers: { 'Retry-After': '5' } },
      ),
    );
    const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer token' };
    const options = { method: 'POST', headers, data: { name: 'Ánh' }, includeHeader: true };
    const [which, value] = await open({ fetch }).call('request', {
      url: `${DOMAIN}/a`,
      ...options,
    });

    expect(which).toBe('success');
    expect(value).toMatchObject({
      status: 200,
      statusText: 'OK',
      data: { ok: true },
      headers: { 'retry-after': '5' },
    });
    expect(await sent[0]?.text()).toBe('{"name":"Ánh"}');
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer token');
  });

  it('returns the bare body by default, and treats error statuses as success', async () => {
    const { sent, fetch } = network(new Response('no JSON', { status: 403 }));

    const outcome = await open({ fetch }).call('request', { url: `${DOMAIN}/a` });
    expect(outcome).toEqual(['success', 'no JSON']);
    expect(sent[0]?.method).toBe('GET');
  });

  it('sends a form without a content type', async () => {
    const { sent, fetch } = network();
    const data = { a: 1, b: {} };
    await open({ fetch }).call('request', { url: `${DOMAIN}/a`, method: 'POST', data });

    expect(await sent[0]?.text()).toBe('a=1&b=%5Bobject+Object%5D');
  });

  it.each([
    ['another domain', { url: 'http://other.example/a' }],
    ['a domain with the same prefix', { url: `${DOMAIN}.evil.example/a` }],
    ['text for data', { url: `${DOMAIN}/a`, method: 'POST', data: 'a=1' }],
    ['data with GET', { url: `${DOMAIN}/a`, data: {} }],
    ['another dataType', { url: `${DOMAIN}/a`, dataType: 'base64' }],
  ])('refuses %s before anything is sent', async (_what, options) => {
    const { sent, fetch } = network();

    expect(await open({ fetch }).call('request', options)).toEqual([
      'fail',
      { error: 'refused', errorMessage: expect.any(String) as string },
    ]);
    expect(sent).toEqual([]);
  });

  it('fails without a response', async () => {
    const fetch = () => Promise.reject(new TypeError('Failed to fetch'));

    const outcome = await open({ fetch }).call('request', { url: `${DOMAIN}/a` });
    expect(outcome).toMatchObject(['fail', { error: 'network' }]);
  });
});

describe('my.getAuthCode and my.getUserInfo', () => {
  it('use the customer logged in to Tiki at that time', async () => {
    const { call } = open();

    expect(await call('getAuthCode', { scopes: ['offline'] })).toEqual([
      'success',
      { authCode: 'offline', authErrorScopes: {}, authSuccessScopes: ['offline'] },
    ]);
    expect(await call('getUserInfo', {})).toEqual([
      'success',
      { customerId: HOLDER.id, name: HOLDER.name, avatar: '' },
    ]);
    expect(await call('getAuthCode', { scopes: ['payments'] })).toMatchObject([
      'fail',
      { error: '1' },
    ]);
  });

  it('fail with a refusal without a customer', async () => {
    const { call } = open({
      tiki: { customer: () => undefined, issueAuthCode: () => Promise.resolve('code') },
    });

    expect(await call('getAuthCode', {})).toMatchObject(['fail', { error: '2' }]);
    expect(await call('getUserInfo', {})).toMatchObject(['fail', { error: '2' }]);
  });
});

describe('my storage', () => {
  it('stores a value by key, and treats a missing key as a success without data', async () => {
    const { call } = open();

    expect(await call('setStorage', { key: 'a', data: { name: 'Ánh' } })).toEqual(['success', {}]);
    expect(await call('getStorage', { key: 'a' })).toEqual(['success', { data: { name: 'Ánh' } }]);
    expect(await call('getStorage', { key: 'b' })).toEqual(['success', {}]);
  });

  it('fails if the browser stores nothing', async () => {
    const refuse = () => {
      throw new Error('QuotaExceededError');
    };
    const { call } = open({ storage: { getItem: refuse, setItem: refuse } });

    expect(await call('setStorage', { key: 'a', data: 1 })).toMatchObject(['fail', {}]);
    expect(await call('getStorage', { key: 'a' })).toMatchObject(['fail', {}]);
  });
});

it('notifies the app when it returns to the foreground', () => {
  const { my, show } = open();
  let shown = 0;
  my.onAppShow?.(() => (shown += 1));
  show();

  expect(shown).toBe(1);
});
