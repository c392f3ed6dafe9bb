import { DOCUMENTS, startTestGateway, type TestGateway } from './support/gateway';

describe('a web page of another origin', () => {
  let open: TestGateway;
  let closed: TestGateway;
  beforeAll(async () => {
    [open, closed] = await Promise.all([
      startTestGateway({ env: { ALLOWED_ORIGINS: 'https://a.example' } }),
      startTestGateway(),
    ]);
  });
  afterAll(() => Promise.all([open.close(), closed.close()]));

  const ask = (gateway: TestGateway, method: string, origin: string) =>
    gateway.fetch(`${DOCUMENTS}/users/7`, { method, headers: { Origin: origin } });
  const corsOf = ({ headers }: Response) =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-'));

  it('may call when it is on the list, with its ID token and without cookies', async () => {
    const preflight = await ask(open, 'OPTIONS', 'https://a.example');
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': 'https://a.example',
      'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
      'access-control-allow-headers':
        'Authorization, Content-Type, Accept-Language, X-Request-Id, X-Firebase-AppCheck, ' +
        'X-Client-Version, X-Firebase-Client, X-Firebase-GMPID, X-Firebase-Locale, ' +
        'Google-Cloud-Resource-Prefix, X-Goog-Api-Client, X-Goog-Request-Params',
    });
    expect(preflight.headers.has('access-control-allow-credentials')).toBe(false);
    const answer = await ask(open, 'GET', 'https://a.example');
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'https://a.example',
    ]);
    const refused = await ask(open, 'PUT', 'https://a.example');
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://a.example');
  });

  it.each(['https://b.example', 'null', 'http://a.example'])(
    'may not call when it is %s',
    async (origin) => {
      const answers = [await ask(open, 'OPTIONS', origin), await ask(open, 'GET', origin)];
      expect(answers.map(corsOf)).toEqual([[], []]);
      expect(answers[0]?.status).toBe(405);
    },
  );

  it.each([
    [415, 'POST', ':commit', { 'Content-Type': 'text/html' }],
    [413, 'POST', ':commit', { 'Content-Type': 'text/plain' }],
    [401, 'GET', '/users/7', { Authorization: 'Bearer a' }],
    [404, 'GET', ':nothing', {}],
    [405, 'PUT', '/users/7', {}],
    [400, 'GET', '/users/%ff', {}],
  ] as const)(
    'may read a %d, and its preflight is answered',
    async (status, method, below, more) => {
      const headers = { Origin: 'https://a.example', ...more };
      const preflight = await open.fetch(DOCUMENTS + below, { method: 'OPTIONS', headers });
      const body = status === 413 ? 'x'.repeat(256 * 1024 + 1) : null;
      const answer = await open.fetch(DOCUMENTS + below, { method, headers, body });
      expect([preflight.status, answer.status]).toEqual([204, status]);
      expect(answer.headers.get('access-control-allow-origin')).toBe('https://a.example');
    },
  );

  it('may read a 503, and preflights are not counted as load', async () => {
    const full = await startTestGateway({
      env: { ALLOWED_ORIGINS: 'https://a.example', MAX_IN_FLIGHT: '1' },
    });
    let release: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      full.firestore.answer((response) => {
        release = () => response.writeHead(200).end('{}');
        resolve();
      });
    });
    const first = ask(full, 'GET', 'https://a.example');
    await arrived;
    const answers = [
      await ask(full, 'OPTIONS', 'https://a.example'),
      await ask(full, 'GET', 'https://a.example'),
    ];
    release();
    await first;
    await full.close();
    expect(
      answers.map(({ status, headers }) => [status, headers.get('access-control-allow-origin')]),
    ).toEqual([
      [204, 'https://a.example'],
      [503, 'https://a.example'],
    ]);
  });

  it('may not call without a list', async () => {
    const answers = [
      await ask(closed, 'OPTIONS', 'https://a.example'),
      await ask(closed, 'GET', 'https://a.example'),
    ];
    expect(answers.map(corsOf)).toEqual([[], []]);
  });
});
