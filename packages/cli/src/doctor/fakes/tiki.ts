import type { Answer, FakeRequest } from '@tiki-bridge/testing/google/loopback-fake';
import { startTikiSimulator, type TikiSimulator } from '@tiki-bridge/tiki-simulator/server';

export const PRODUCTION_APP = {
  clientKey: 'production-key',
  clientSecret: 'production-secret-4711',
};
export const SANDBOX_APP = { clientKey: 'sandbox-key', clientSecret: 'sandbox-secret-0815' };

const SANDBOX_PATH = '/tiniapp-sandbox-open-api';
const PRODUCTION_PATH = '/tiniapp-open-api';

/** Both of Tiki's environments, each a simulator that checks signatures. */
export interface Tiki {
  readonly production: TikiSimulator;
  readonly sandbox: TikiSimulator;
  readonly now: () => number;
  readonly close: () => Promise<void>;
}

export async function startTiki(now: () => number): Promise<Tiki> {
  const production = await startTikiSimulator({ ...PRODUCTION_APP, now });
  const sandbox = await startTikiSimulator({ ...SANDBOX_APP, now });
  return {
    production,
    sandbox,
    now,
    close: async () => {
      await Promise.all([production.close(), sandbox.close()]);
    },
  };
}

/** Forwards a request to its environment, and dates the answer by Tiki's clock. */
export async function answerOfTiki(tiki: Tiki, request: FakeRequest): Promise<Answer> {
  const { method, url, headers, body } = request;
  const isSandbox = url.pathname.startsWith(SANDBOX_PATH);
  const base = isSandbox ? tiki.sandbox.apiBaseUrl : tiki.production.apiBaseUrl;
  // The query is signed too.
  const path = url.pathname.slice((isSandbox ? SANDBOX_PATH : PRODUCTION_PATH).length) + url.search;
  const passedOn = Object.entries(headers).filter(([name]) =>
    /^x-tiniapp|^content-type/.test(name),
  );
  const answer = await fetch(base + path, {
    method,
    // Each of these headers comes once.
    headers: passedOn.map(([name, value]): [string, string] => [name, String(value)]),
    ...(method === 'POST' && { body }),
  });
  return {
    status: answer.status,
    headers: {
      'Content-Type': answer.headers.get('content-type') ?? '',
      Date: new Date(tiki.now()).toUTCString(),
    },
    body: await answer.text(),
  };
}
