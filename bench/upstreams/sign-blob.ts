import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import { text } from 'node:stream/consumers';
import { late } from './late';

/**
 * IAM's signBlob over TLS, with one and the same signature for everybody: 256 bytes, as RSA-2048
 * has. Signing for real costs about a millisecond of CPU, which is Google's to spend and would be
 * taken from the machine that measures.
 *
 * @param latencyMs Asked for each request, milliseconds.
 */
export function createSignBlob(
  tls: { readonly keyPem: string; readonly certPem: string },
  latencyMs: () => number,
): Server {
  const answer = JSON.stringify({
    keyId: randomBytes(20).toString('hex'),
    signedBlob: randomBytes(256).toString('base64'),
  });
  return createServer({ key: tls.keyPem, cert: tls.certPem }, (request, response) => {
    void text(request).then((body) => {
      const asked = /:signBlob$/.test(request.url ?? '') && body.includes('"payload"');
      late(latencyMs(), () => {
        response
          .writeHead(asked ? 200 : 400, { 'Content-Type': 'application/json; charset=UTF-8' })
          .end(asked ? answer : '{}');
      });
    });
  });
}
