import { BEHAVIOURS } from '@tiki-bridge/testing/tini-runtime/behaviour';
import {
  BINH,
  clientForTests,
  DOMAIN,
  failureOf,
  gate,
  paths,
  refreshes,
} from '@tiki-bridge/testing/tini-runtime/setup';
import { json, problem } from '@tiki-bridge/testing/tini-runtime/stand-in';

const { scene, loggedIn } = clientForTests();

it('sends the ID token', async () => {
  const { firebase } = await loggedIn();
  const answer = await firebase.request({
    url: '/api/me',
    method: 'POST',
    data: { a: 'Đà Nẵng' },
  });
  expect(answer).toMatchObject({
    status: 200,
    data: {
      method: 'POST',
      body: { a: 'Đà Nẵng' },
      authorization: `Bearer ${await firebase.getIdToken()}`,
    },
  });
});

it('refreshes and retries once after a 401', async () => {
  const { firebase, server, phone } = await loggedIn();
  server.answers.push({ path: '/api/me', answer: problem(401, 'unauthenticated') });
  expect((await firebase.request({ url: '/api/me' })).status).toBe(200);
  expect(paths(phone.requests)).toEqual(['/api/me', '/securetoken/v1/token', '/api/me']);
  const refusal = { path: '/api/me', answer: problem(401, 'unauthenticated') };
  server.answers.push(refusal, refusal, refusal);
  expect((await firebase.request({ url: '/api/me' })).status).toBe(401);
  expect(refreshes({ phone })).toBe(2);
});

it('refreshes once when many requests get a 401 together', async () => {
  const { firebase, server, phone } = await loggedIn();
  const refusal = { path: '/api/me', answer: problem(401, 'unauthenticated') };
  server.answers.push(refusal, refusal, refusal);
  const calls = Array.from({ length: 3 }, () => firebase.request({ url: '/api/me' }));
  const answers = await Promise.all(calls);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(refreshes({ phone })).toBe(1);
});

it('does not repeat a request that may have been processed', async () => {
  const { firebase, phone } = await loggedIn();
  phone.networkFaults.push({ path: '/api/me', what: 'answer lost' });
  expect((await failureOf(firebase.request({ url: '/api/me', method: 'POST' }))).code).toBe(
    'network',
  );
  expect(phone.requests).toHaveLength(1);
});

it.each([
  'https://evil.example/api/me',
  'https://app.example.vn.evil.example/',
  'https://app.example.vn@evil.example/',
  'https://app.example.vn',
  'http://app.example.vn/',
  'api/me',
])('does not take the token to %s', async (url) => {
  const { firebase, phone } = await loggedIn();
  expect((await failureOf(firebase.request({ url }))).code).toBe('invalid-argument');
  expect(phone.requests).toEqual([]);
});

it("does not repeat one user's request with the next user's token", async () => {
  const { firebase, server, phone, time } = await loggedIn();
  server.answers.push({ path: '/api/me', answer: problem(401, 'unauthenticated') });
  const { open: release, opened } = gate();
  server.hold = opened;
  const answer = failureOf(firebase.request({ url: '/api/me' }));
  await time.settle();
  phone.customer = BINH;
  const resumed = firebase.resume();
  release();
  await resumed;
  server.hold = undefined;
  await firebase.signIn();
  expect((await answer).code).toBe('user-changed');
  expect(paths(phone.requests).filter((path) => path === '/api/me')).toHaveLength(1);
});

it.each([
  [`${DOMAIN}/api/me`, '/api/me'],
  [`/go?next=${DOMAIN}/x`, `/go?next=${DOMAIN}/x`],
  [`${DOMAIN}/go?next=${DOMAIN}/x`, `/go?next=${DOMAIN}/x`],
  ['//evil.example/x', '//evil.example/x'],
])('asks for %s at the one domain, as it was given', async (url, path) => {
  const { firebase, phone } = await loggedIn();
  await firebase.request({ url });
  expect(phone.requests.map((request) => request.url)).toEqual([DOMAIN + path]);
});

it.each(['https://evil.example/?https://app.example.vn/x', 'x/https://app.example.vn/'])(
  'does not accept the domain in the middle of %s',
  async (url) => {
    const { firebase, phone } = await loggedIn();
    expect((await failureOf(firebase.request({ url }))).code).toBe('invalid-argument');
    expect(phone.requests).toEqual([]);
  },
);

it.each(Object.entries(BEHAVIOURS))(
  'reads a response where my.request delivers %s',
  async (_, how) => {
    const { open, phone } = scene();
    phone.behaviour = how;
    const { firebase } = open();
    await firebase.signIn();
    expect(await firebase.request({ url: '/api/me' })).toMatchObject({
      status: 200,
      data: { method: 'GET', authorization: `Bearer ${await firebase.getIdToken()}` },
    });
  },
);

it.each(Object.entries(BEHAVIOURS))(
  'does not parse text where my.request delivers %s',
  async (_, how) => {
    const { firebase, phone, server } = await loggedIn();
    phone.behaviour = how;
    for (const body of ['{"n":12345678901234567890}', ' [1]', '{"data":{"n":1}}']) {
      server.answers.push({ path: '/api/text', answer: { status: 200, headers: {}, body } });
      const { data } = await firebase.request({ url: '/api/text', dataType: 'text' });
      expect(data).toBe(body);
    }
  },
);

it('reports the status of an error requested as text', async () => {
  const { firebase, phone, server } = await loggedIn();
  phone.behaviour = { ...phone.behaviour, success: 'bare' };
  const { body } = problem(404, 'not-found');
  server.answers.push({ path: '/api/text', answer: { status: 404, headers: {}, body } });
  const answer = await firebase.request({ url: '/api/text', dataType: 'text' });
  expect(answer).toMatchObject({ status: 404, data: body });
});

it.each([
  { data: { a: 1 }, status: 'success' },
  { data: { a: 1 }, total: 1 },
  { orders: [], headers: 'none' },
])('takes %j for a body, not for the wrapping of one', async (body) => {
  const { firebase, phone, server } = await loggedIn();
  phone.behaviour = { ...phone.behaviour, success: 'bare' };
  server.answers.push({ path: '/api/x', answer: json(200, body) });
  expect(await firebase.request({ url: '/api/x' })).toMatchObject({ status: 200, data: body });
});

it.each([
  ['without "status"', 'x'.repeat(100_000)],
  ['that repeats "status"', 'status '.repeat(1_000)],
  ['of one long word', 'status'.repeat(1_000)],
])('reads a long text %s at once, however it is delivered', async (_, body) => {
  const { firebase, phone, server } = await loggedIn();
  const { behaviour } = phone;
  const wholes = [
    { ...behaviour, success: 'bare' as const },
    { ...behaviour, errors: 'fail' as const, failure: 'body-as-text' as const },
  ];
  for (const how of wholes) {
    phone.behaviour = how;
    for (const status of [200, 404]) {
      server.answers.push({ path: '/api/text', answer: { status, headers: {}, body } });
      const began = process.cpuUsage();
      const asked = firebase.request({ url: '/api/text', dataType: 'text' });
      // An HTML page in fail without a status is not recognizable as a response.
      const isHidden = how.errors === 'fail' && status === 404;
      if (isHidden) expect((await failureOf(asked)).code).toBe('network');
      else expect((await asked).data).toBe(body);
      // Takes some ms; an unbounded search takes seconds and blocks the app.
      expect(process.cpuUsage(began).user).toBeLessThan(1_000_000);
    }
  }
});

it.each([{ message: 'too long' }, { errors: ['a'] }, [1], 'no', ''])(
  'returns the body %j of an error in fail, not its envelope',
  async (body) => {
    const { firebase, phone, server } = await loggedIn();
    for (const headers of ['plain', 'none'] as const) {
      phone.behaviour = { ...phone.behaviour, errors: 'fail', headers };
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      server.answers.push({ path: '/api/x', answer: { status: 422, headers: {}, body: text } });
      const answer = await firebase.request({ url: '/api/x' });
      expect(answer).toMatchObject({ status: 422, data: body });
    }
  },
);
