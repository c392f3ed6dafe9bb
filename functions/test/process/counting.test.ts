import { startProcessBridge } from '../support/process';

it("counts with the runtime's account, even if a key file signs", async () => {
  const bridge = await startProcessBridge({
    env: ({ keyFile }) => ({
      GOOGLE_APPLICATION_CREDENTIALS: keyFile,
      RATE_LIMIT_PER_MINUTE: '30',
      RATE_LIMIT_STORE: 'firestore',
    }),
  });
  const { authCode } = bridge.simulator.issueAuthCode({ customerId: '7' });
  const { status } = await bridge.exchange(authCode);
  const { oauth, metadata, iam } = bridge.google;
  const asked = metadata.calls.map(({ path }) => path);
  await bridge.close();
  expect(status).toBe(200);
  // The key's account has no role there, so neither the token endpoint nor IAM is called.
  expect([oauth.calls, iam.calls]).toEqual([[], []]);
  expect(asked).toEqual([expect.stringMatching(/\/service-accounts\/default\/token/)]);
  expect(bridge.function.refusedConnections()).toEqual(['firestore.googleapis.com:443']);
});
