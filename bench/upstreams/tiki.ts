import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { orderJson } from '@tiki-bridge/tiki-simulator/order-json';
import { orderAtTiki } from '../orders';
import { late } from './late';

/** Codes that begin like this are not answered. */
export const HANGING = 'hang.';

/** Codes that begin like this get their connection closed. */
export const BROKEN = 'broken.';

/** Above 2^53, as real ids may be. */
const FIRST_CUSTOMER = 9_007_199_254_740_993n;

const REFUSAL =
  '{"data":null,"error":{"code":400,"reason":"invalid_code","message":"invalid auth code"}}';

/** Written by hand: the id is an integer too large for JSON.stringify. */
function tokens(customerId: bigint): string {
  return (
    '{"data":{"access_token":"at.4Yk2mXo9","expires_in":3600,"refresh_token":"",' +
    '"scopes":["auth"],"token_type":"bearer",' +
    `"customer":{"id":${customerId},"name":"Nguyễn Văn A"}},"error":null}`
  );
}

function codeIn(body: string): string {
  const parsed: unknown = JSON.parse(body);
  const code = typeof parsed === 'object' && parsed !== null && 'code' in parsed && parsed.code;
  return typeof code === 'string' ? code : '';
}

/** Every order is paid. */
function orderAnswer(url: string): string {
  const id = new URL(url, 'http://tiki.test').searchParams.get('order_id') ?? '';
  return `{"data":{"order":${orderJson(orderAtTiki(id))}},"error":null}`;
}

/**
 * Tiki's code exchange, which accepts every code once, the reading of orders, and nothing else. Does much less than the simulator,
 * which checks signatures and records calls: that would measure the simulator, not the bridge.
 *
 * @param latencyMs Read for each request, milliseconds.
 */
export function answerTiki(latencyMs: () => number): RequestListener {
  const used = new Set<string>();
  return (request, response) => {
    const { method, url = '' } = request;
    if (method === 'GET') {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(orderAnswer(url));
      return;
    }
    void text(request).then((body) => {
      const code = codeIn(body);
      if (code.startsWith(HANGING)) return;
      if (code.startsWith(BROKEN)) {
        request.socket.destroy();
        return;
      }
      const fresh = code !== '' && !used.has(code);
      used.add(code);
      const answer = fresh ? tokens(FIRST_CUSTOMER + BigInt(used.size)) : REFUSAL;
      late(latencyMs(), () => {
        response.writeHead(fresh ? 200 : 400, { 'Content-Type': 'application/json' }).end(answer);
      });
    });
  };
}
