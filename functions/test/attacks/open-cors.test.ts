import { startTestBridge, type TestBridge } from '../support/bridge';

/** Attack: any web page calls the bridge from a visitor's browser and reads the response. */
describe('open CORS', () => {
  let closed: TestBridge;
  let open: TestBridge;
  beforeAll(async () => {
    [closed, open] = await Promise.all([
      startTestBridge(),
      startTestBridge({ env: { ALLOWED_ORIGINS: 'https://a.example,http://localhost:5002' } }),
    ]);
  });
  afterAll(() => Promise.all([closed.close(), open.close()]));

  const preflight = (bridge: TestBridge, origin: string) =>
    fetch(`${bridge.origin}/auth_exchange`, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
    });
  const corsOf = ({ headers }: Response) =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-'));

  it('is off without a list of origins', async () => {
    const answers = [
      await preflight(closed, 'https://a.example'),
      await closed.post('/auth_exchange', {}, { headers: { Origin: 'https://a.example' } }),
    ];
    expect(answers.map(corsOf)).toEqual([[], []]);
    expect(answers[0]?.status).toBe(405);
  });

  it.each([
    'https://b.example',
    'https://a.example.evil',
    'http://a.example',
    'null',
    'https://A.example',
  ])('is not there for %s', async (origin) => {
    const asked = await preflight(open, origin);
    expect([asked.status, corsOf(asked)]).toEqual([405, []]);
    const posted = await open.post('/auth_exchange', {}, { headers: { Origin: origin } });
    expect(corsOf(posted)).toEqual([]);
    expect(posted.headers.get('vary')).toContain('Origin');
  });

  it('is limited to the origins on the list, without cookies', async () => {
    const asked = await preflight(open, 'https://a.example');
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe('https://a.example');
    expect(asked.headers.get('access-control-allow-methods')).toBe('POST');
    expect(asked.headers.has('access-control-allow-credentials')).toBe(false);
    const posted = await open.post(
      '/auth_exchange',
      {},
      { headers: { Origin: 'http://localhost:5002' } },
    );
    expect(posted.headers.get('access-control-allow-origin')).toBe('http://localhost:5002');
  });
});
