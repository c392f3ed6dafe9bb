import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import firebaseFunctionsTest from 'firebase-functions-test';
import { auth } from './index';

const offline = firebaseFunctionsTest({ projectId: 'demo-tiki-bridge' });

describe('the deployed function, in firebase-functions-test', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => {
      // Node's own objects are all that the function uses of Express's.
      void auth(request as never, response as never);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    offline.cleanup();
  });

  it('answers with a problem that names what is missing only in the log', async () => {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/auth_exchange`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"code":"a"}',
    });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: 'misconfigured' });
  });

  it('is declared as it is to be deployed', () => {
    expect(auth.__endpoint).toMatchObject({
      platform: 'gcfv2',
      region: ['asia-southeast1'],
      availableMemoryMb: 256,
      concurrency: 80,
      timeoutSeconds: 30,
      minInstances: { name: 'MIN_INSTANCES' },
      maxInstances: { name: 'MAX_INSTANCES' },
      httpsTrigger: { invoker: ['public'] },
      secretEnvironmentVariables: [{ key: 'TIKI_CLIENT_SECRET' }],
    });
  });
});
