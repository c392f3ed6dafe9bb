import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import type { AddressInfo } from 'node:net';
import { withoutDomains } from './without-domains';

describe('withoutDomains', () => {
  it('keeps the framework from opening one for each request', async () => {
    withoutDomains();
    let domainOfRequest: unknown = 'none yet';
    http('plain', (_request, response) => {
      domainOfRequest = Reflect.get(process, 'domain');
      response.send('done');
    });
    const server = getTestServer('plain');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('done');
    server.closeAllConnections();
    server.close();
    expect(domainOfRequest ?? undefined).toBeUndefined();
  });
});
