import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, startTestBridge } from '../support/bridge';

/** Attack: an impostor of Tiki redirects the signed request, including the code, elsewhere. */
describe('a redirecting upstream', () => {
  it.each([301, 302, 303, 307, 308])('is not followed with status %d', async (status) => {
    let visits = 0;
    const elsewhere = createServer((_, response) => {
      visits += 1;
      response.end('{"data":{"customer":{"id":1}}}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    const bridge = await startTestBridge();
    const response = await bridge.login({
      customerId: '7',
      fault: { kind: 'raw', status, headers: { Location: location }, body: '' },
    });
    await bridge.close();
    await new Promise((resolve) => elsewhere.close(resolve));
    expect([response.status, (await json(response))['code']]).toEqual([502, 'tiki-bad-response']);
    expect(visits).toBe(0);
  });
});
