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
        'Authorization, Content-Type, Accept-Language, X-Firebase-AppCheck, X-Request-Id',
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

  it('may not call without a list', async () => {
    const answers = [
      await ask(closed, 'OPTIONS', 'https://a.example'),
      await ask(closed, 'GET', 'https://a.example'),
    ];
    expect(answers.map(corsOf)).toEqual([[], []]);
  });
});
