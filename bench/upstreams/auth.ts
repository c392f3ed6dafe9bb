import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';

interface AccountCall {
  readonly localId?: string | readonly string[];
  readonly customAttributes?: string;
}

/** The calls of Firebase Authentication that put premium on an account. Every account exists. */
export function answerAuth(): RequestListener {
  const claims = new Map<string, string>();
  return (request, response) => {
    void text(request).then((body) => {
      const { localId = [], customAttributes } = JSON.parse(body) as AccountCall;
      const [uid = ''] = [localId].flat();
      if (customAttributes !== undefined) claims.set(uid, customAttributes);
      const account = { localId: uid, customAttributes: claims.get(uid) ?? '{}' };
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ localId: uid, users: [account] }));
    });
  };
}
