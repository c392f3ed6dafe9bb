import path from 'node:path';
import { cleanEnvironment } from '@tiki-bridge/testing/emulators/clean-environment';
import { type GuardedProcess, startGuarded } from '@tiki-bridge/testing/emulators/guarded-process';
import { findFreePorts, LOOPBACK } from '@tiki-bridge/testing/emulators/ports';
import { PROJECT_ID, PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { waitUntilReady } from '@tiki-bridge/testing/emulators/readiness';
import { EXPIRES_AFTER_MS } from './protocol';

export interface PremiumServer {
  readonly origin: string;
  /** Resolves once it responds and the protected content is written. */
  ready(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the server through which the demo page makes a user premium. */
export async function startPremiumServer(options: {
  readonly firestoreHost: string;
  readonly authEmulatorOrigin: string;
  readonly hostingOrigin: string;
  /** How long premium lasts after the step `expire`; default {@link EXPIRES_AFTER_MS}. */
  readonly expiresAfterMs?: number;
}): Promise<PremiumServer> {
  const { hostingOrigin, expiresAfterMs = EXPIRES_AFTER_MS } = options;
  const { premium: port } = await findFreePorts(['premium']);
  const origin = `http://${LOOPBACK}:${port}`;
  const main = path.join(__dirname, 'main.ts');
  const guarded: GuardedProcess = startGuarded(
    process.execPath,
    ['--import', 'tsx', main, String(port), PROJECT_ID, hostingOrigin, String(expiresAfterMs)],
    {
      cwd: PROJECT_ROOT,
      env: cleanEnvironment(process.env, {
        FIRESTORE_EMULATOR_HOST: options.firestoreHost,
        FIREBASE_AUTH_EMULATOR_HOST: new URL(options.authEmulatorOrigin).host,
        // Stops Google's libraries from looking for a metadata server.
        METADATA_SERVER_DETECTION: 'none',
      }),
    },
  );
  return {
    origin,
    ready: (signal) =>
      waitUntilReady({
        name: 'The premium server of the demo page',
        guarded,
        url: `${origin}/premium/health`,
        isReady: ({ ok }) => ok,
        signal,
      }),
    stop: () => guarded.stop(),
  };
}
