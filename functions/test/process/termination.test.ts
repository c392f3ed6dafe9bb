import { connect } from 'node:net';
import { json } from '../support/bridge';
import { startProcessBridge, type ProcessBridge } from '../support/process';

describe('an instance that gets SIGTERM', () => {
  let bridge: ProcessBridge;
  beforeEach(async () => {
    bridge = await startProcessBridge();
  });
  afterEach(() => bridge.close());

  const login = (ms: number) => {
    const fault = { kind: 'latency', ms } as const;
    return bridge.exchange(bridge.simulator.issueAuthCode({ customerId: '7', fault }).authCode);
  };

  /** Resolves when Tiki has been called `times` times. */
  async function tikiWasAsked(times: number): Promise<void> {
    while (bridge.simulator.calls.length < times) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Opens a new connection; resolves with `connected` or the error code. */
  function tryToConnect(): Promise<string> {
    const { hostname, port } = new URL(bridge.function.origin);
    return new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.destroy();
        resolve('connected');
      });
      socket.once('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code ?? error.message);
      });
    });
  }

  it('completes requests in flight, accepts no new ones, and exits', async () => {
    await login(0);
    let answered = 0;
    const inFlight = [login(1_000), login(1_500)];
    inFlight.forEach((each) => void each.then(() => (answered += 1)));
    await tikiWasAsked(3);
    const stopped = bridge.function.stop();
    let connection = await tryToConnect();
    // The signal takes a moment to arrive, and the last accepted connection may be reset; the requests
    // in flight take longer.
    while (connection !== 'ECONNREFUSED' && answered === 0) connection = await tryToConnect();
    expect([connection, answered]).toEqual(['ECONNREFUSED', 0]);
    const answers = await Promise.all(inFlight);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await Promise.all(answers.map(json))).map(({ uid }) => uid)).toEqual([
      'tiki:7',
      'tiki:7',
    ]);
    await stopped;
  });

  it('does not wait for idle keep-alive connections', async () => {
    await login(0);
    // It exited by itself and was not killed after the timeout.
    expect(await bridge.function.stop()).toBe(0);
  });
});
