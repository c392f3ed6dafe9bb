import { version } from '../../package.json';
import { json, startTestBridge, type TestBridge } from '../support/bridge';

describe('the routes for operators', () => {
  let bridge: TestBridge;
  beforeAll(async () => {
    bridge = await startTestBridge();
  });
  afterAll(() => bridge.close());

  const get = (path: string, init: RequestInit = {}) => fetch(bridge.origin + path, init);

  it('tell at /health that the function is alive, and its version', async () => {
    const response = await get('/health');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await json(response)).toEqual({ status: 'ok', version });
    expect((await get('/health', { method: 'HEAD' })).status).toBe(200);
  });

  it.each([
    ['POST /health', '/health', { method: 'POST' }, 405],
    ['a request through Hosting', '/health', { headers: { 'X-Forwarded-Host': 'a.web.app' } }, 404],
    ['the name that Cloud Run keeps', '/healthz', {}, 404],
    ['/ready without OPERATOR_EMAILS', '/ready', { headers: { 'X-Operator-Token': 'a.b.c' } }, 404],
  ])('refuse %s', async (_, path, init, status) => {
    expect((await get(path, init)).status).toBe(status);
  });

  it('are below PATH_PREFIX at the own URL too, and not there through Hosting', async () => {
    const below = await startTestBridge({ env: { PATH_PREFIX: '/tiki' } });
    const hosted = { headers: { 'X-Forwarded-Host': 'shop.example' } };
    const statusOf = async (path: string, init: RequestInit = {}) =>
      (await fetch(below.origin + path, init)).status;
    expect([await statusOf('/health'), await statusOf('/tiki/health')]).toEqual([200, 200]);
    for (const path of ['/tiki/health', '/tiki/ready', '/health', '/ready']) {
      expect([path, await statusOf(path, hosted)]).toEqual([path, 404]);
    }
    await below.close();
  });

  it('say when a parameter is wrong', async () => {
    const wrong = await startTestBridge({ env: { MAX_IN_FLIGHT: '0' } });
    const response = await fetch(`${wrong.origin}/health`);
    expect([response.status, (await json(response))['code']]).toEqual([500, 'misconfigured']);
    await wrong.close();
  });
});
