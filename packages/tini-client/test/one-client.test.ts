import { clientForTests, DOMAIN } from '@tiki-bridge/testing/tini-runtime/setup';

const { scene } = clientForTests();

it('refuses a second client, which would have a separate session', () => {
  const { client, my } = scene().open();
  const options = {
    // The simulated my has all functions that the client uses.
    my: my as unknown as Parameters<typeof client.createTikiFirebase>[0]['my'],
    baseUrl: DOMAIN,
    projectId: 'demo-tiki-bridge',
  };
  const refusal = expect.objectContaining({
    code: 'failed-precondition',
    extras: { detail: 'my' },
  }) as Error;
  expect(() => client.createTikiFirebase(options)).toThrow(refusal);
  // Another my is allowed, as in tests of an app.
  expect(client.createTikiFirebase({ ...options, my: { ...options.my } }).currentUser).toBeNull();
});
