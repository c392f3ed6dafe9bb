import { connect } from 'node:net';
import { json } from '../support/bridge';
import { startProcessBridge, type ProcessBridge } from '../support/process';

describe('an instance that is told to end', () => {
  let bridge: ProcessBridge;
  beforeEach(async () => {
    bridge = await startProcessBridge();
  });
  afterEach(() => bridge.close());

  const login = (ms: number) => {
    const fault = { kind: 'latency', ms } as const;
    return bridge.exchange(bridge.simulator.issueAuthCode({ customerId: '7', fault }).authCode);
  };

  /** Resolves when Tiki has been asked as often as that. */
  async function tikiWasAsked(times: number): Promise<void> {
    while (bridge.simulator.calls.length < times) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** What comes of a new connection: its error, if any. */
  function knock(): Promise<string> {
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

  it('answers what is in flight, accepts nothing new, and ends', async () => {
    await login(0);
    let answered = 0;
    const inFlight = [login(1_000), login(1_500)];
    inFlight.forEach((each) => void each.then(() => (answered += 1)));
    await tikiWasAsked(3);
    const stopped = bridge.function.stop();
    let knocked = await knock();
    // The signal takes a moment to arrive, and the last to be let in may be cut off; what is in
    // flight takes longer.
    while (knocked !== 'ECONNREFUSED' && answered === 0) knocked = await knock();
    expect([knocked, answered]).toEqual(['ECONNREFUSED', 0]);
    const answers = await Promise.all(inFlight);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await Promise.all(answers.map(json))).map(({ uid }) => uid)).toEqual([
      'tiki:7',
      'tiki:7',
    ]);
    await stopped;
  });

  it('does not wait for connections that are only kept alive', async () => {
    await login(0);
    // Its own exit, and not the kill that follows when a process does not end by itself.
    expect(await bridge.function.stop()).toBe(0);
  });
});
