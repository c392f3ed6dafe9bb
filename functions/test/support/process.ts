import { resolve } from 'node:path';
import { startFunction, type RunningFunction } from '@tiki-bridge/testing/google/framework';
import { startGoogleFakes, type GoogleFakes } from '@tiki-bridge/testing/google/google-fakes';
import { startTikiSimulator, type TikiSimulator } from '@tiki-bridge/tiki-simulator/server';
import { faultOf } from '../log/dictionary';
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
 * The built function in its own process, run as in production: functions-framework, no emulator
 * variables, Google's hosts mapped to fakes on loopback, and nothing else reachable.
 */
export async function startProcessBridge(
  options: {
    readonly env?: (google: GoogleFakes) => Readonly<Record<string, string>>;
    /** Folder of a code base that contains the bridge; default: the bridge itself. */
    readonly source?: string;
    readonly serviceAccount?: 'attached' | 'none';
    /** Lifetime of Google's access tokens; default 3599. */
    readonly accessTokenSeconds?: number;
    /** Additional files for `node --require`. */
    readonly preload?: readonly string[];
    /** The host name of the simulator for the function; default its address. */
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
    source: options.source ?? FUNCTIONS,
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
      // A preload writes lines of its own.
      const entries = running.logs().filter((line) => Object.hasOwn(line, 'severity'));
      const faults = entries.flatMap((entry) => faultOf(entry) ?? []);
      if (faults.length > 0) throw new Error(`docs/log.md: ${faults.join('; ')}`);
    },
  };
}
