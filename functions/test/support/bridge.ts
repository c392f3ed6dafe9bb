import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { onRequest } from 'firebase-functions/https';
import { makeServiceAccount } from '@tiki-bridge/testing/google/service-account';
import {
  startTikiSimulator,
  type IssueAuthCode,
  type TikiSimulator,
  type TikiSimulatorOptions,
} from '@tiki-bridge/tiki-simulator/server';
import { createAuth } from '../../src/auth/assemble';
import { answerWith } from '../../src/server/take-over';

/** Recognizable: no log and no response may contain it. */
export const CLIENT_SECRET = 'canary-client-secret-4f1c9a';
const CLIENT_KEY = 'test-client-key';

/** One key for a whole test file: making RSA keys is slow. */
const account = makeServiceAccount('signer', 'tiki-bridge-test');

export interface TestBridge {
  readonly origin: string;
  readonly simulator: TikiSimulator;
  readonly publicKeyPem: string;
  readonly accountEmail: string;
  /** POSTs JSON, or what `init` specifies. */
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
  /** Gets an auth code from the simulator and exchanges it. */
  login(request: IssueAuthCode): Promise<Response>;
  close(): Promise<void>;
}

let started = 0;

/**
 * The product's handler on the server of the framework that production uses, against the Tiki
 * simulator, signing with a key file of its own.
 */
export async function startTestBridge(
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly simulator?: Partial<TikiSimulatorOptions>;
  } = {},
): Promise<TestBridge> {
  const simulator = await startTikiSimulator({
    clientKey: CLIENT_KEY,
    clientSecret: CLIENT_SECRET,
    ...options.simulator,
  });
  const folder = mkdtempSync(join(tmpdir(), 'bridge-test-'));
  const keyFile = join(folder, 'key.json');
  writeFileSync(keyFile, JSON.stringify(account.keyFile));
  const handler = createAuth({
    TIKI_CLIENT_KEY: CLIENT_KEY,
    TIKI_CLIENT_SECRET: CLIENT_SECRET,
    TIKI_API_BASE_URL: simulator.apiBaseUrl,
    GOOGLE_APPLICATION_CREDENTIALS: keyFile,
    RATE_LIMIT_PER_MINUTE: '0',
    ...options.env,
  });
  const name = `bridge-${(started += 1)}`;
  http(name, onRequest({ cors: false }, handler) as Parameters<typeof http>[1]);
  const server = getTestServer(name);
  // As the seam of the deployed entry does with the framework's server.
  answerWith(server, handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function post(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
    return fetch(origin + path, {
      method: 'POST',
      body: JSON.stringify(body),
      ...init,
      headers: { 'Content-Type': 'application/json', ...(init.headers as object) },
    });
  }

  return {
    origin,
    simulator,
    publicKeyPem: account.publicKeyPem,
    accountEmail: account.email,
    post,
    login: (request) => {
      const { authCode } = simulator.issueAuthCode(request);
      return post('/auth_exchange', { code: authCode });
    },
    close: async () => {
      server.closeAllConnections();
      await Promise.all([new Promise((resolve) => server.close(resolve)), simulator.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The JSON object of a response. */
export async function json(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}
