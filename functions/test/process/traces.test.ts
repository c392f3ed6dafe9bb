import {
  jsonAnswer,
  startLoopbackFake,
  type LoopbackFake,
} from '@tiki-bridge/testing/google/loopback-fake';
import { startLoopbackFirestore, type LoopbackFirestore } from '../support/loopback-firestore';
import { CLIENT_SECRET, json } from '../support/bridge';
import { startProcessBridge, type ProcessBridge } from '../support/process';

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number };
}

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const FRONT_END_SPAN = 'b7ad6b7169203331';

const spansIn = (body: string): readonly Span[] =>
  (
    JSON.parse(body) as {
      readonly resourceSpans: readonly {
        readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
      }[];
    }
  ).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));

describe('traces', () => {
  let bridge: ProcessBridge;
  let firestore: LoopbackFirestore;
  let collector: LoopbackFake<'failing'>;
  beforeAll(async () => {
    [firestore, collector] = await Promise.all([
      startLoopbackFirestore(),
      startLoopbackFake<'failing'>({
        answer: (_, fault) => jsonAnswer(fault === 'failing' ? 500 : 200, {}),
      }),
    ]);
  });
  afterEach(() => bridge.close());
  afterAll(() => Promise.all([firestore.close(), collector.close()]));

  async function start(endpoint: string): Promise<void> {
    bridge = await startProcessBridge({
      env: () => ({
        TRACES_ENDPOINT: endpoint,
        RATE_LIMIT_PER_MINUTE: '600',
        RATE_LIMIT_STORE: 'firestore',
        FIRESTORE_EMULATOR_HOST: firestore.host,
      }),
    });
  }
  const login = (flags: string, customerId = '7') => {
    const { authCode } = bridge.simulator.issueAuthCode({ customerId });
    return bridge.exchange(authCode, { traceparent: `00-${TRACE_ID}-${FRONT_END_SPAN}-${flags}` });
  };
  /** What the log has of collectors. */
  const entriesOf = () =>
    bridge.function.logs().filter(({ outcome }) => outcome === 'traces-not-exported');
  const exportedTo = ({ calls }: Pick<LoopbackFake<never>, 'calls'>) =>
    calls.filter(({ outcome }) => outcome === 200).flatMap(({ body }) => spansIn(body));

  it('has a login as one trace, exported before the instance ends, which tells no secret', async () => {
    await start('https://telemetry.googleapis.com/v1/traces');
    const response = await login('01', '9007199254740993');
    const { customToken } = await json(response);
    expect(response.status).toBe(200);
    // At once: what is left to export is exported after SIGTERM.
    expect(await bridge.function.stop()).toBe(0);

    const spans = exportedTo(bridge.google.telemetry);
    const [root] = spans.filter(({ name }) => name === 'auth_exchange');
    expect(root).toMatchObject({ traceId: TRACE_ID, parentSpanId: FRONT_END_SPAN, kind: 2 });
    const steps = spans.filter((span) => span !== root);
    expect(steps.map(({ name }) => name)).toEqual(['firestore', 'signing', 'tiki', 'signing']);
    for (const { traceId, parentSpanId, startTimeUnixNano, endTimeUnixNano, attributes } of steps) {
      expect({ traceId, parentSpanId, attributes }).toEqual({
        traceId: TRACE_ID,
        parentSpanId: root?.spanId,
        attributes: [],
      });
      const times = [root?.startTimeUnixNano, startTimeUnixNano, endTimeUnixNano];
      const inOrder = [...times, root?.endTimeUnixNano].map(Number);
      expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
    }
    expect(root?.attributes).toEqual([
      { key: 'http.request.method', value: { stringValue: 'POST' } },
      { key: 'http.route', value: { stringValue: '/auth_exchange' } },
      { key: 'http.response.status_code', value: { intValue: 200 } },
      { key: 'tiki_bridge.outcome', value: { stringValue: 'ok' } },
    ]);
    const sent = bridge.google.telemetry.calls.map(({ body }) => body).join();
    for (const secret of [CLIENT_SECRET, String(customToken), '9007199254740993', '127.0.0.1']) {
      expect(sent).not.toContain(secret);
    }
    expect(bridge.function.refusedConnections()).toEqual([]);
  });

  it("exports to another's collector too, without a token of Google's, and only what is sampled", async () => {
    await start(`http://${collector.address}/v1/traces`);
    await login('00');
    bridge.simulator.setFault({
      path: '/oauth/auth/token',
      fault: { kind: 'status', status: 503 },
    });
    expect((await login('01')).status).toBe(503);
    bridge.simulator.clearFaults();
    while (collector.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const [{ path, authorization } = {}] = collector.calls;
    expect([path, authorization]).toEqual(['/v1/traces', undefined]);
    const spans = exportedTo(collector);
    // Nothing of the first login.
    expect(spans.filter(({ name }) => name === 'auth_exchange')).toHaveLength(1);
    const failed = spans.filter(({ status }) => status.code === 2);
    expect(failed.map(({ name }) => name)).toEqual(['tiki', 'auth_exchange']);

    // A collector that is gone costs nobody a login, and one entry.
    await collector.refuse();
    const answers = await Promise.all(['1', '2', '3'].map((id) => login('01', id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await bridge.function.stop()).toBe(0);
    expect(entriesOf()).toHaveLength(1);
    expect(entriesOf()[0]).toMatchObject({
      severity: 'WARNING',
      operator: { remedy: expect.stringContaining('docs/monitoring.md') as string },
    });
  });

  it('delay no login and no end of the instance while the collector hangs or fails', async () => {
    const before = collector.calls.length;
    const called = async (outcome: unknown) => {
      while (!collector.calls.slice(before).some((call) => call.outcome === outcome)) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await collector.accept();
    await start(`http://${collector.address}/v1/traces`);
    collector.setFault('failing');
    const statuses = [(await login('01')).status];
    await called(500);
    collector.setFault('hang');
    statuses.push((await login('01')).status);
    await called('hang');
    // While an export waits for its answer.
    statuses.push((await login('01')).status);

    expect(statuses).toEqual([200, 200, 200]);
    expect(await bridge.function.stop()).toBe(0);
    expect(entriesOf()).toHaveLength(1);
    collector.setFault(null);
  });
});
