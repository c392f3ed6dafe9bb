import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificates } from '@tiki-bridge/testing/google/certificates';
import { boundedAgent } from './bounded-agent';

describe('boundedAgent', () => {
  it('cuts a connection that has been silent for too long, and says so', async () => {
    const { keyPem, certPem, caPem } = await makeCertificates(['localhost']);
    const silent = https.createServer({ key: keyPem, cert: certPem }, () => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const failure = await new Promise((resolve) => {
      const options = { port, host: 'localhost', ca: caPem, agent: boundedAgent(50) };
      https.get(options, resolve).on('error', resolve);
    });
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
    expect(failure).toMatchObject({ code: 'ESILENT' });
  });
});
