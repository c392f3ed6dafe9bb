import { clientForTests, DOMAIN } from '@tiki-bridge/testing/tini-runtime/setup';

const { scene } = clientForTests();

it('does not make a second client, whose session would be another', () => {
  const { client, my } = scene().open();
  const options = {
    // The simulated my has what the client asks for.
    my: my as unknown as Parameters<typeof client.createTikiFirebase>[0]['my'],
    baseUrl: DOMAIN,
    projectId: 'demo-tiki-bridge',
  };
  const refusal = expect.objectContaining({
    code: 'failed-precondition',
    extras: { detail: 'my' },
  }) as Error;
  expect(() => client.createTikiFirebase(options)).toThrow(refusal);
  // As in a test of an app, with a my of its own.
  expect(client.createTikiFirebase({ ...options, my: { ...options.my } }).currentUser).toBeNull();
});
