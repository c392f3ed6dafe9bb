import type { Firestore } from '../src/firestore/index';
import type { DocumentSnapshot, QuerySnapshot } from '../src/listen/index';
import {
  AN,
  BINH,
  clientForTests,
  MINUTE_MS,
  type Scene,
} from '@tiki-bridge/testing/tini-runtime/setup';
import { googleError, json } from '@tiki-bridge/testing/tini-runtime/stand-in';

const { scene } = clientForTests();

const ROOT = 'projects/demo-tiki-bridge/databases/(default)/documents/';
const QUERY = { collection: 'q', orderBy: [['n']] } as const;

/** A Firestore that holds one number in each document, and answers each request of the app. */
function serve({ phone, server }: Scene) {
  const numbers = new Map<string, number>();
  const denied = new Set<string>();
  let version = 0;
  const document = (path: string) => ({
    name: ROOT + path,
    fields: { n: { integerValue: String(numbers.get(path)) } },
    createTime: '2026-01-01T00:00:00Z',
    updateTime: `2026-01-01T00:00:00.${String(100_000 + version).slice(1)}Z`,
  });
  const versions = new Map<string, ReturnType<typeof document>>();
  const refusal = googleError(403, 'Missing or insufficient permissions.', 'PERMISSION_DENIED');
  function answer(url: string, data: unknown) {
    if (url.endsWith(':batchGet')) {
      const names = (data as { readonly documents: readonly string[] }).documents;
      if (names.some((name) => denied.has(name.slice(ROOT.length)))) return refusal;
      const items = names.map((name) => {
        const found = versions.get(name.slice(ROOT.length));
        return found ? { found } : { missing: name };
      });
      return json(200, items);
    }
    const found = [...versions].filter(([path]) => path.startsWith('q/'));
    return json(200, [{ readTime: 'now' }, ...found.map(([, each]) => ({ document: each }))]);
  }
  // Each request is answered from the state at its time.
  const push = phone.requests.push.bind(phone.requests);
  phone.requests.push = (...requests) => {
    for (const { url, data } of requests) {
      if (!/:(batchGet|runQuery)$/.test(url) || server.answers.length > 0) continue;
      server.answers.push({ path: url, answer: answer(url, data) });
    }
    return push(...requests);
  };
  return {
    denied,
    put(path: string, n: number) {
      version += 1;
      numbers.set(path, n);
      versions.set(path, document(path));
    },
  };
}

async function loggedIn(now: Scene = scene(), store = serve(now)) {
  const app = now.open();
  await app.firebase.signIn();
  now.phone.requests.length = 0;
  return { ...now, ...app, store, firestore: app.firebase.firestore() };
}

type App = Awaited<ReturnType<typeof loggedIn>>;

/** What a document's listener gets: `cache 1`, `1`, `none`. */
function numbersOf({ listen, firestore }: App, path: string) {
  const seen: string[] = [];
  const stop = listen.onSnapshot<{ n: number }>(firestore, path, ({ document, metadata }) => {
    seen.push(`${metadata.fromCache ? 'cache ' : ''}${document ? document.data.n : 'none'}`);
  });
  return { seen, stop };
}

const polls = ({ phone }: Pick<Scene, 'phone'>) =>
  phone.requests.filter(({ url }) => /:(batchGet|runQuery)$/.test(url)).length;

it('calls with the document, and again when it changes', async () => {
  const app = await loggedIn();
  const { seen, stop } = numbersOf(app, 'a/b');
  await app.time.advance(0);
  expect(seen).toEqual(['none']);
  app.store.put('a/b', 1);
  await app.time.advance(3_000);
  app.store.put('a/b', 2);
  await app.time.advance(3_000);
  expect(seen).toEqual(['none', '1', '2']);
  stop();
  app.store.put('a/b', 3);
  const asked = polls(app);
  await app.time.advance(MINUTE_MS);
  expect([seen.length, polls(app)]).toEqual([3, asked]);
});

it('calls with the documents of a query', async () => {
  const app = await loggedIn();
  const seen: QuerySnapshot<{ n: number }>[] = [];
  app.listen.onSnapshot<{ n: number }>(app.firestore, QUERY, (snapshot) => {
    seen.push(snapshot);
  });
  app.store.put('q/one', 1);
  await app.time.advance(0);
  app.store.put('q/two', 2);
  await app.time.advance(3_000);
  expect(seen.map(({ documents }) => documents.map(({ id, data }) => [id, data.n]))).toEqual([
    [['one', 1]],
    [
      ['one', 1],
      ['two', 2],
    ],
  ]);
});

it('shares one request among documents, and one among equal queries', async () => {
  const app = await loggedIn();
  const calls = ['a/1', 'a/2', 'a/1', 'a/3'].map((path) => numbersOf(app, path));
  const { onSnapshot } = app.listen;
  for (const limit of [1, 1, 2]) onSnapshot(app.firestore, { ...QUERY, limit }, () => undefined);
  await app.time.advance(0);
  expect(app.phone.requests.map(({ url }) => url.replace(/.*:/, '')).sort()).toEqual([
    'batchGet',
    'runQuery',
    'runQuery',
  ]);
  expect(calls.map(({ seen }) => seen)).toEqual(Array(4).fill(['none']));
});

it('polls after 2 s, then less and less often, at most every 15 s, until something changes', async () => {
  const app = await loggedIn();
  const { seen } = numbersOf(app, 'a/b');
  await app.time.advance(0);
  const times: number[] = [];
  for (let second = 1; second <= 75; second += 1) {
    const before = polls(app);
    await app.time.advance(1_000);
    if (polls(app) > before) times.push(second);
  }
  // The pauses: 2, 3, 4.5, 6.75, 10.125, 15, 15, 15 s.
  expect(times).toEqual([2, 5, 10, 17, 27, 42, 57, 72]);
  app.store.put('a/b', 1);
  await app.time.advance(15_000);
  expect(seen).toEqual(['none', '1']);
  const before = polls(app);
  await app.time.advance(2_000);
  expect(polls(app)).toBe(before + 1);
});

it('polls at once after a write of the same client', async () => {
  const app = await loggedIn();
  const { seen } = numbersOf(app, 'a/b');
  await app.time.advance(0);
  app.store.put('a/b', 1);
  app.server.answers.push({ path: ':commit', answer: json(200, { writeResults: [{}] }) });
  await app.firestore.set('a/b', { n: 1 });
  await app.time.advance(0);
  expect(seen).toEqual(['none', '1']);
});

it('does not poll while the app is hidden, and does when it is shown', async () => {
  const app = await loggedIn();
  const { seen } = numbersOf(app, 'a/b');
  await app.time.advance(0);
  app.hide();
  app.store.put('a/b', 1);
  const asked = polls(app);
  await app.time.advance(60 * MINUTE_MS);
  expect(polls(app)).toBe(asked);
  app.show();
  await app.time.advance(0);
  expect(seen).toEqual(['none', '1']);
});

it('waits longer after failures, at least as long as the server asks', async () => {
  const app = await loggedIn();
  const { seen } = numbersOf(app, 'a/b');
  const busy = googleError(429, 'Quota exceeded', 'RESOURCE_EXHAUSTED');
  const answer = { ...busy, headers: { ...busy.headers, 'retry-after': '90' } };
  app.server.answers.push({ path: ':batchGet', answer });
  await app.time.advance(0);
  expect(polls(app)).toBe(1);
  await app.time.advance(89_000);
  expect(polls(app)).toBe(1);
  await app.time.advance(2_000);
  expect(seen).toEqual(['none']);
});

it('ends only the listener that may not read its document', async () => {
  const app = await loggedIn();
  app.store.denied.add('a/secret');
  const errors: string[] = [];
  const { seen } = numbersOf(app, 'a/open');
  const onError = (error: Error) => errors.push((error as unknown as { code: string }).code);
  app.listen.onSnapshot(app.firestore, 'a/secret', () => errors.push('called'), onError);
  await app.time.advance(0);
  app.store.put('a/open', 1);
  await app.time.advance(3_000);
  expect([errors, seen]).toEqual([['permission-denied'], ['none', '1']]);
});

const HTML = { headers: { 'content-type': 'text/html' }, body: '<html>Wi-Fi</html>' };

it.each([
  ['a page of HTML', { status: 200, ...HTML }],
  ['a page of HTML with 403', { status: 403, ...HTML }],
  ['a page of HTML with 404', { status: 404, ...HTML }],
  ['a redirect', { status: 302, ...HTML }],
  ['no content', { status: 204, headers: {}, body: '' }],
  ['the JSON of another server', json(200, { ok: true })],
  ['an empty list', json(200, [])],
  ['JSON null', json(200, null)],
  [
    'a broken document',
    json(200, [{ found: { name: `${ROOT}a/b` }, document: { name: `${ROOT}q/b` } }]),
  ],
])('takes %s neither for a result nor for the end', async (_, answer) => {
  const app = await loggedIn();
  const failures: unknown[] = [];
  const seen: Record<string, unknown> = {};
  const fail = (error: unknown) => failures.push(error);
  app.server.answers.push({ path: ':batchGet', answer }, { path: ':runQuery', answer });
  app.listen.onSnapshot(
    app.firestore,
    'a/b',
    ({ document }) => (seen['document'] = document),
    fail,
  );
  app.listen.onSnapshot(
    app.firestore,
    QUERY,
    ({ documents }) => (seen['documents'] = documents),
    fail,
  );
  await app.time.advance(0);
  expect([seen, failures]).toEqual([{}, []]);
  await app.time.advance(MINUTE_MS);
  expect([seen, failures]).toEqual([{ document: null, documents: [] }, []]);
});

it('refuses the path of a collection at once', async () => {
  const { listen, firestore } = await loggedIn();
  const refusal = expect.objectContaining({ code: 'invalid-argument' }) as Error;
  expect(() => listen.onSnapshot(firestore, 'a', () => undefined)).toThrow(refusal);
  expect(() => listen.onSnapshot(firestore, { collection: 'a/b' }, () => undefined)).toThrow(
    refusal,
  );
});

it('gives what a converter makes of the documents', async () => {
  const app = await loggedIn();
  const converted = app.converter.withConverter(app.firestore, {
    toFirestore: (n: number) => ({ n }),
    fromFirestore: ({ data }) => Number(data['n']),
  });
  const seen: (number | undefined)[] = [];
  app.listen.onSnapshot(converted, 'a/b', ({ document }) => seen.push(document?.data));
  app.store.put('a/b', 7);
  await app.time.advance(0);
  expect(seen).toEqual([7]);
});

describe('the cache', () => {
  /** An's app, which has listened to a document with 1 and is closed. */
  async function listened() {
    const now = scene();
    const app = await loggedIn(now);
    app.store.put('a/b', 1);
    numbersOf(app, 'a/b');
    await app.time.advance(0);
    app.hide();
    return app;
  }
  async function reopened(now: App) {
    const app = now.open();
    await now.time.settle();
    return { ...now, ...app, firestore: app.firebase.firestore() };
  }

  it('gives the last result first after a restart, and says so', async () => {
    const app = await reopened(await listened());
    app.store.put('a/b', 2);
    app.phone.online = false;
    const { seen } = numbersOf(app, 'a/b');
    await app.time.advance(0);
    await app.time.settle();
    expect(seen).toEqual(['cache 1']);
    app.phone.online = true;
    await app.time.advance(MINUTE_MS);
    expect(seen).toEqual(['cache 1', '2']);
  });

  it('tells a result of the server from the same one of the cache', async () => {
    const app = await reopened(await listened());
    const { seen } = numbersOf(app, 'a/b');
    await app.time.advance(MINUTE_MS);
    expect(seen).toEqual(['cache 1', '1']);
  });

  it('is ignored if it is broken', async () => {
    const now = await listened();
    for (const [key, text] of now.phone.storage) {
      now.phone.storage.set(key, text.replace(/integerValue/g, 'brokenValue'));
    }
    const app = await reopened(now);
    const { seen } = numbersOf(app, 'a/b');
    await app.time.advance(3_000);
    expect(seen).toEqual(['1']);
  });

  it('is erased when the user signs out', async () => {
    const app = await listened();
    expect([...app.phone.storage.values()].join()).toContain('integerValue');
    await app.firebase.signOut();
    await app.time.settle();
    expect([...app.phone.storage.values()].join()).not.toContain('integerValue');
  });

  it('is erased after a restart in which nothing has listened', async () => {
    const app = await reopened(await listened());
    await app.firebase.signOut();
    await app.time.settle();
    expect([...app.phone.storage.values()].join()).not.toContain('integerValue');
  });

  it('is erased when another user logs in, and nothing has listened', async () => {
    const app = await reopened(await listened());
    app.phone.customer = BINH;
    await app.firebase.signIn();
    await app.time.settle();
    expect([...app.phone.storage.values()].join()).not.toContain('integerValue');
  });

  it.each(['while the app is open', 'while it is closed'])(
    'is never shown to another user who logs in %s',
    async (when) => {
      const before = await listened();
      const app = when === 'while it is closed' ? await reopened(before) : before;
      app.show();
      app.phone.customer = BINH;
      app.show();
      await app.time.settle();
      await app.firebase.signIn();
      app.phone.online = false;
      const { seen } = numbersOf(app, 'a/b');
      await app.time.advance(MINUTE_MS);
      expect(seen).toEqual([]);
      expect([...app.phone.storage.values()].join()).not.toContain('integerValue');
    },
  );

  it('is read again by the same user only', async () => {
    const before = await listened();
    before.phone.customer = AN;
    const app = await reopened(before);
    const { seen } = numbersOf(app, 'a/b');
    await app.time.advance(0);
    await app.time.settle();
    expect(seen[0]).toBe('cache 1');
  });

  it('leaves out the oldest results when it is full', async () => {
    const app = await loggedIn();
    const { onSnapshot } = app.listen;
    for (let n = 0; n < 600; n += 1) {
      onSnapshot(app.firestore, `a/${'x'.repeat(50)}${n}`, () => undefined);
      app.store.put(`a/${'x'.repeat(50)}${n}`, n);
    }
    await app.time.advance(0);
    await app.time.settle();
    const cache = [...app.phone.storage.entries()].find(([key]) => key.includes('listen'))?.[1];
    expect(cache).toContain('x599');
    expect(cache).not.toContain('x0"');
    expect(cache?.length).toBeLessThan(130_000);
  });
});

it('gives an app without a user nothing until it logs in', async () => {
  const now = scene();
  const store = serve(now);
  const app = now.open();
  const firestore: Firestore = app.firebase.firestore();
  const seen: DocumentSnapshot[] = [];
  app.listen.onSnapshot(firestore, 'a/b', (snapshot) => {
    seen.push(snapshot);
  });
  store.put('a/b', 1);
  await now.time.advance(MINUTE_MS);
  expect([seen, polls(now)]).toEqual([[], 0]);
  await app.firebase.signIn();
  await now.time.advance(0);
  expect(seen).toHaveLength(1);
});
