import { type RunningDemo, startDemo } from './start-demo';

let bridge: RunningDemo;
beforeAll(async () => {
  bridge = await startDemo({ ports: 'free' });
});
afterAll(() => bridge.stop());

describe('what the demo serves', () => {
  it('includes the addresses of the emulators and the simulator', async () => {
    const answer = await fetch(`${bridge.hostingOrigin}/demo-config.json`);

    expect(await answer.json()).toEqual({
      projectId: 'demo-tiki-bridge',
      authEmulatorOrigin: bridge.authEmulatorOrigin,
      simulatorOrigin: bridge.simulator.origin,
      premiumOrigin: bridge.premiumOrigin,
      firestore:
        bridge.firestoreHost === undefined
          ? { available: false, reason: bridge.firestoreUnavailableReason }
          : {
              available: true,
              host: '127.0.0.1',
              port: Number(bridge.firestoreHost.split(':')[1]),
            },
    });
  });

  it('serves the demo page at its root', async () => {
    const answer = await fetch(bridge.hostingOrigin);

    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('demo.js');
  });
});
