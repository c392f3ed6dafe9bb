import firebaseFunctionsTest from 'firebase-functions-test';
import { auth } from './index';

const offline = firebaseFunctionsTest({ projectId: 'demo-tiki-bridge' });

describe('the deployed function, in firebase-functions-test', () => {
  afterAll(() => {
    offline.cleanup();
  });

  it('answers with a problem that names what is missing only in the log', async () => {
    const written: Record<string, unknown> = {};
    await new Promise<void>((resolve) => {
      const response = {
        status: (status: number) => ((written['status'] = status), response),
        set: () => response,
        send: (body: string) => {
          written['body'] = JSON.parse(body);
          resolve();
        },
        on: () => response,
      };
      const headers = { 'content-type': 'application/json' };
      const request = {
        method: 'POST',
        path: '/auth_exchange',
        headers,
        body: { code: 'a' },
      };
      // All that the function uses of a request and a response.
      void auth(request as never, response as never);
    });
    expect(written).toMatchObject({ status: 500, body: { code: 'misconfigured' } });
  });

  it('is declared as it is to be deployed', () => {
    expect(auth.__endpoint).toMatchObject({
      platform: 'gcfv2',
      region: ['asia-southeast1'],
      availableMemoryMb: 256,
      concurrency: 80,
      timeoutSeconds: 30,
      httpsTrigger: { invoker: ['public'] },
      secretEnvironmentVariables: [{ key: 'TIKI_CLIENT_SECRET' }],
    });
  });
});
