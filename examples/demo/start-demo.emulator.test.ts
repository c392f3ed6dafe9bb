import { exchangeCode } from '@tiki-bridge/testing/emulators/login';
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
      fcmOrigin: bridge.fcmOrigin,
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

it("answers with the caller's Tiki id through /backend/whoami", async () => {
  const { authCode } = bridge.simulator.issueAuthCode({ customerId: '9007199254740993' });
  const { answer } = await exchangeCode(bridge.hostingOrigin, authCode);
  const signedIn = await fetch(
    `${bridge.hostingOrigin}/identitytoolkit/v1/accounts:signInWithCustomToken?key=demo-api-key`,
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: answer.customToken, returnSecureToken: true }),
    },
  );
  const { idToken } = (await signedIn.json()) as { readonly idToken: string };
  const whoami = (headers: Record<string, string>) =>
    fetch(`${bridge.hostingOrigin}/backend/whoami`, { headers });

  expect((await whoami({})).status).toBe(401);
  const response = await whoami({ Authorization: `Bearer ${idToken}` });
  expect(await response.json()).toEqual({ uid: 'tiki:9007199254740993' });
});
