import { Session } from 'node:inspector/promises';
import path from 'node:path';
import { startTestBridge } from '../support/bridge';

const SOURCES = `${path.resolve(__dirname, '../../src')}${path.sep}`;
/** What a reader can follow. See CONTRIBUTING.md. */
const MAX_FILES = 25;

it('runs a login through few enough files to read them all', async () => {
  const bridge = await startTestBridge({ env: { RATE_LIMIT_PER_MINUTE: '30' } });
  // Each on a connection of its own: an idle one may have been closed while the profiler starts.
  const login = (customerId: string) => {
    const code = bridge.simulator.issueAuthCode({ customerId }).authCode;
    return bridge.post('/auth_exchange', { code }, { headers: { Connection: 'close' } });
  };
  const session = new Session();
  session.connect();
  try {
    // What happens once, such as reading parameters, is not the way of a login.
    for (const customerId of ['1', '2']) expect((await login(customerId)).status).toBe(200);
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await session.post('Profiler.takePreciseCoverage');
    expect((await login('3')).status).toBe(200);
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const files = result
      .filter(({ functions }) => functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0))
      .map(({ url }) => url.replace('file://', ''))
      .filter((url) => url.startsWith(SOURCES))
      .map((url) => url.slice(SOURCES.length));
    expect(files).toContain(path.join('auth', 'login.ts'));
    expect([...new Set(files)].sort().slice(MAX_FILES)).toEqual([]);
    // Not even loaded: what other functions need, with the packages that only they use.
    const others =
      /\/functions\/(?:src\/(?:backend|gateway|payments|premium|push|sessions)|node_modules\/(?:jose|lru-cache|@opentelemetry))\//;
    expect(Object.keys(require.cache).filter((file) => others.test(file))).toEqual([]);
  } finally {
    session.disconnect();
    await bridge.close();
  }
});
