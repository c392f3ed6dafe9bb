import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { startTestBridge } from '../support/bridge';

/** Node publishes here when the system has all of an answer. */
const FINISHED = 'http.server.response.finish';

it('loads OpenTelemetry after the first answer that has a trace', async () => {
  const isLoaded = () => Object.keys(require.cache).some((file) => file.includes('@opentelemetry'));
  const wasLoaded: boolean[] = [];
  const record = () => void wasLoaded.push(isLoaded());
  const bridge = await startTestBridge({
    env: { TRACES_ENDPOINT: 'http://127.0.0.1:1/v1/traces' },
  });
  subscribe(FINISHED, record);
  try {
    expect((await fetch(`${bridge.origin}/health`)).status).toBe(200);
    expect((await bridge.login({ customerId: '7' })).status).toBe(200);
    while (!isLoaded()) await new Promise((resolve) => setImmediate(resolve));
    // Tiki's simulator answers in this process too.
    expect([...new Set(wasLoaded)]).toEqual([false]);
  } finally {
    unsubscribe(FINISHED, record);
    await bridge.close();
  }
});
