import { BEHAVIOURS } from '@tiki-bridge/testing/tini-runtime/behaviour';
import {
  AN,
  BINH,
  clientForTests,
  DOMAIN,
  failureOf,
  gate,
  paths,
} from '@tiki-bridge/testing/tini-runtime/setup';
import { json, problem } from '@tiki-bridge/testing/tini-runtime/stand-in';

const { scene } = clientForTests();

const TYPE = 'tiki-firebase-hand-over';
const PATH = '/session/hand_over';
const challenge = 'A'.repeat(43);
const other = 'B'.repeat(43);
const code = 'c0de_'.padEnd(43, '-');
const announcement = { type: TYPE, challenge, origin: DOMAIN };

/** An's app, logged in, with a page in its web-view. */
async function withPage(options?: { readonly origins: readonly string[] }) {
  const opened = scene();
  const app = opened.open();
  await app.firebase.signIn();
  const { phone, server } = opened;
  phone.requests.length = 0;
  // The simulated my is typed by the names of its functions only.
  const create = app.my['createWebViewContext'] as (id: string) => {
    readonly postMessage: (message: object) => void;
  };
  const answer = app.firebase.handOver(create('web'), options);
  const page = app.openWebView({ id: 'web', src: `${DOMAIN}/`, onMessage: answer });
  const messages: unknown[] = [];
  page.window.onmessage = ({ data }) => messages.push(data);
  page.ready();
  /** The bridge's next answers. */
  const bridge = (...answers: readonly ReturnType<typeof json>[]) => {
    server.answers.push(...answers.map((each) => ({ path: PATH, answer: each })));
  };
  const announce = (changes: object = {}) =>
    answer({ detail: { data: { ...announcement, ...changes } } });
  return { ...opened, ...app, page, messages, answer, announce, bridge };
}

const codeAnswer = (given: unknown = code) => json(200, { code: given, expiresIn: 60 });

it.each(['data', 'bare'] as const)(
  "answers a page's announcement with a code, from the event's %s",
  async (detail) => {
    const { page, messages, phone, time, bridge } = await withPage();
    phone.webViewDetail = detail;
    bridge(codeAnswer());
    page.window.my?.postMessage(announcement);
    while (messages.length === 0) await time.settle();

    expect(messages).toEqual([{ type: TYPE, code }]);
    expect(phone.requests).toMatchObject([
      {
        method: 'POST',
        url: DOMAIN + PATH,
        headers: { Authorization: expect.stringMatching(/^Bearer ./) as string },
        data: { challenge, origin: DOMAIN, name: AN.name },
      },
    ]);
  },
);

it('sends no name for a customer without one', async () => {
  const { open, phone, server } = scene();
  phone.customer = { ...AN, name: '' };
  const { firebase } = open();
  await firebase.signIn();
  server.answers.push({ path: PATH, answer: codeAnswer() });
  await firebase.handOver({ postMessage: () => undefined })({ detail: announcement });
  expect(phone.requests.at(-1)?.data).toEqual({ challenge, origin: DOMAIN });
});

it.each(Object.entries(BEHAVIOURS))('reads the code from %s', async (_, behaviour) => {
  const { announce, bridge, messages, phone, time } = await withPage();
  phone.behaviour = behaviour;
  bridge(codeAnswer());
  expect(await announce()).toBe(true);
  await time.settle();
  expect(messages).toEqual([{ type: TYPE, code }]);
});

it('reads an announcement that the runtime made text', async () => {
  const { answer, bridge } = await withPage();
  bridge(codeAnswer());
  expect(await answer({ detail: JSON.stringify({ data: JSON.stringify(announcement) }) })).toBe(
    true,
  );
});

it('puts no token into the web-view', async () => {
  const { announce, bridge, messages, firebase, time } = await withPage();
  const idToken = await firebase.getIdToken();
  bridge(codeAnswer());
  await announce();
  await time.settle();
  expect(messages).toHaveLength(1);
  expect(JSON.stringify(messages)).not.toContain(idToken);
});

it.each<[string, unknown]>([
  ['no event', undefined],
  ['an empty event', {}],
  ['no detail', { detail: null }],
  ['text', { detail: TYPE }],
  ['a list', { detail: [announcement] }],
  ['a message of the app', { detail: { data: { type: 'add-to-cart', challenge } } }],
  ['no type', { detail: { data: { challenge, origin: DOMAIN } } }],
])('leaves other messages to the app: %s', async (_, event) => {
  const { answer, phone } = await withPage();
  expect(await answer(event)).toBe(false);
  expect(phone.requests).toEqual([]);
});

it.each<[string, object]>([
  ['no challenge', { challenge: undefined }],
  ['a short challenge', { challenge: 'A'.repeat(42) }],
  ['a long challenge', { challenge: 'A'.repeat(44) }],
  ['a challenge in base64', { challenge: `${'A'.repeat(42)}+` }],
  ['a challenge with a line', { challenge: `${challenge}\n` }],
  ['a list as challenge', { challenge: [challenge] }],
])('refuses %s', async (_, changes) => {
  const { announce, phone } = await withPage();
  expect(await failureOf(announce(changes))).toMatchObject({
    code: 'invalid-argument',
    extras: { detail: 'challenge' },
  });
  expect(phone.requests).toEqual([]);
});

it.each<[string, unknown]>([
  ['another origin', 'https://evil.example'],
  ['another scheme', 'http://app.example.vn'],
  ['another port', `${DOMAIN}:8443`],
  ['a path', `${DOMAIN}/`],
  ['a suffix', `${DOMAIN}.evil.example`],
  ['upper case', 'https://APP.example.vn'],
  ['null', 'null'],
  ['none', undefined],
  ['a list', [DOMAIN]],
])('asks for no code for an origin that is not its own: %s', async (_, origin) => {
  const { announce, messages, phone } = await withPage();
  expect((await failureOf(announce({ origin }))).code).toBe('forbidden');
  expect(phone.requests).toEqual([]);
  expect(messages).toEqual([]);
});

it('allows the origins of its option, and then only those', async () => {
  const { announce, bridge, phone } = await withPage({ origins: ['https://www.example.vn'] });
  bridge(codeAnswer());
  expect(await announce({ origin: 'https://www.example.vn' })).toBe(true);
  expect(phone.requests).toMatchObject([{ data: { origin: 'https://www.example.vn' } }]);
  expect((await failureOf(announce())).code).toBe('forbidden');
});

it('asks for one code, however often the page announces itself', async () => {
  const { announce, bridge, messages, phone, server, time } = await withPage();
  const { open, opened } = gate();
  server.hold = opened;
  bridge(codeAnswer());
  const first = announce();
  expect(await announce()).toBe(true);
  open();
  expect(await first).toBe(true);
  // The page repeats its announcement because the answer may be lost.
  expect(await announce()).toBe(true);
  await time.settle();
  expect(messages).toEqual([
    { type: TYPE, code },
    { type: TYPE, code },
  ]);
  expect(paths(phone.requests)).toEqual([PATH]);
});

it('gives a page that was opened meanwhile a code of its own, and not that of the last', async () => {
  const { announce, bridge, messages, phone, server, time } = await withPage();
  const { open, opened } = gate();
  server.hold = opened;
  const second = 'c0de_2'.padEnd(43, '-');
  bridge(codeAnswer(), codeAnswer(second));
  const first = announce();
  await announce({ challenge: other });
  open();
  await first;
  await time.settle();
  expect(messages).toEqual([]);
  await announce({ challenge: other });
  await time.settle();
  expect(messages).toEqual([{ type: TYPE, code: second }]);
  expect(phone.requests.map(({ data }) => data)).toMatchObject([
    { challenge },
    { challenge: other },
  ]);
});

it("does not give one user's code to a page when another user is there", async () => {
  const { announce, bridge, messages, phone, server, firebase, time, show } = await withPage();
  const { open, opened } = gate();
  server.hold = opened;
  bridge(codeAnswer());
  const first = failureOf(announce());
  await time.settle();
  phone.customer = BINH;
  show();
  await time.settle();
  open();
  expect((await first).code).toBe('user-changed');
  await time.settle();
  expect(messages).toEqual([]);

  server.hold = undefined;
  const own = 'c0de_of_binh'.padEnd(43, '-');
  bridge(codeAnswer(own));
  await firebase.signIn();
  await announce();
  await time.settle();
  expect(messages).toEqual([{ type: TYPE, code: own }]);
});

it('repeats no code of a user who has signed out', async () => {
  const { announce, bridge, messages, firebase, time } = await withPage();
  bridge(codeAnswer());
  await announce();
  await time.settle();
  await firebase.signOut();
  expect((await failureOf(announce())).code).toBe('not-signed-in');
  await time.settle();
  expect(messages).toHaveLength(1);
});

it('waits until Tiki has said whose session it is', async () => {
  const { announce, bridge, messages, phone, time, show } = await withPage();
  const { open, opened } = gate();
  phone.hold = (name) => (name === 'getUserInfo' ? opened : undefined);
  show();
  bridge(codeAnswer());
  const answered = announce();
  await time.settle();
  expect(phone.requests).toEqual([]);
  open();
  expect(await answered).toBe(true);
  await time.settle();
  expect(messages).toHaveLength(1);
});

it.each([
  [problem(403, 'forbidden'), 'forbidden'],
  [problem(503, 'not-configured'), 'not-configured'],
  [problem(429, 'rate-limited'), 'rate-limited'],
  [json(200, {}), 'bad-response'],
  // A token, for example.
  [codeAnswer(`eyJhbGciOiJSUzI1NiJ9.${'A'.repeat(43)}.sig`), 'bad-response'],
  [codeAnswer(['a']), 'bad-response'],
])('posts nothing after %j', async (given, failure) => {
  const { announce, bridge, messages, time } = await withPage();
  bridge(given);
  expect((await failureOf(announce())).code).toBe(failure);
  await time.settle();
  expect(messages).toEqual([]);

  bridge(codeAnswer());
  expect(await announce()).toBe(true);
});

it('sends again with a new token after a 401', async () => {
  const { announce, bridge, phone } = await withPage();
  bridge(problem(401, 'unauthenticated'), codeAnswer());
  expect(await announce()).toBe(true);
  expect(paths(phone.requests)).toEqual([PATH, '/securetoken/v1/token', PATH]);
});

it('throws for what the app did wrong', () => {
  const { firebase } = scene().open();
  const context = { postMessage: () => undefined };
  const codeOf = (call: () => unknown): unknown => {
    try {
      return call();
    } catch (error) {
      // From the app's realm.
      return (error as { readonly code: unknown }).code;
    }
  };
  for (const origins of [['https://app.example.vn/'], ['app.example.vn'], [''], 'https://a.vn']) {
    const wrong = origins as readonly string[];
    expect(codeOf(() => firebase.handOver(context, { origins: wrong }))).toBe('invalid-argument');
  }
  const without = scene().open({ handOver: undefined as never });
  expect(codeOf(() => without.firebase.handOver(context))).toBe('invalid-argument');
});
