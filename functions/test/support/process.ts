import { resolve } from 'node:path';
import { startFunction, type RunningFunction } from '@tiki-bridge/testing/google/framework';
import { startGoogleFakes, type GoogleFakes } from '@tiki-bridge/testing/google/google-fakes';
import { startTikiSimulator, type TikiSimulator } from '@tiki-bridge/tiki-simulator/server';
import { CLIENT_SECRET } from './bridge';

const FUNCTIONS = resolve(__dirname, '../..');
const CLIENT_KEY = 'test-client-key';

export interface ProcessBridge {
  readonly function: RunningFunction;
  readonly google: GoogleFakes;
  readonly simulator: TikiSimulator;
  exchange(code: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  close(): Promise<void>;
}

/**
 * The built function in a process of its own, run as production runs it: functions-framework, no
 * emulator variable, Google's hosts mapped to fakes on loopback, everything else out of reach.
 */
export async function startProcessBridge(
  options: {
    readonly env?: (google: GoogleFakes) => Readonly<Record<string, string>>;
    readonly serviceAccount?: 'attached' | 'none';
    /** How long Google's access tokens live; default 3599. */
    readonly accessTokenSeconds?: number;
    /** More files for `node --require`. */
    readonly preload?: readonly string[];
    /** The name under which the function knows the simulator; its address unless given. */
    readonly tikiHost?: 'localhost';
  } = {},
): Promise<ProcessBridge> {
  const [google, simulator] = await Promise.all([
    startGoogleFakes({
      serviceAccount: options.serviceAccount ?? 'attached',
      accessTokenSeconds: options.accessTokenSeconds ?? 3599,
    }),
    startTikiSimulator({ clientKey: CLIENT_KEY, clientSecret: CLIENT_SECRET }),
  ]);
  const running = await startFunction({
    source: FUNCTIONS,
    mapHosts: google.mapHosts,
    preload: options.preload ?? [],
    env: {
      ...google.env,
      TIKI_CLIENT_KEY: CLIENT_KEY,
      TIKI_CLIENT_SECRET: CLIENT_SECRET,
      TIKI_API_BASE_URL: options.tikiHost
        ? simulator.apiBaseUrl.replace('127.0.0.1', options.tikiHost)
        : simulator.apiBaseUrl,
      RATE_LIMIT_PER_MINUTE: '0',
      ...options.env?.(google),
    },
  });
  return {
    function: running,
    google,
    simulator,
    exchange: (code, headers = {}) =>
      fetch(`${running.origin}/auth_exchange`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify({ code }),
      }),
    close: async () => {
      await running.stop();
      await Promise.all([google.close(), simulator.close()]);
    },
  };
}
