import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { late } from './late';

/**
 * IAM's signBlob, with the same signature for everybody: 256 bytes, as RSA-2048 has. Real
 * signing would use CPU that Google provides in production.
 *
 * @param latencyMs Read for each request, milliseconds.
 */
export function answerSignBlob(latencyMs: () => number): RequestListener {
  const answer = JSON.stringify({
    keyId: randomBytes(20).toString('hex'),
    signedBlob: randomBytes(256).toString('base64'),
  });
  return (request, response) => {
    void text(request).then((body) => {
      const valid = /:signBlob$/.test(request.url ?? '') && body.includes('"payload"');
      late(latencyMs(), () => {
        response
          .writeHead(valid ? 200 : 400, { 'Content-Type': 'application/json; charset=UTF-8' })
          .end(valid ? answer : '{}');
      });
    });
  };
}
