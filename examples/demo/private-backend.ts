import path from 'node:path';
import { cleanEnvironment } from '@tiki-bridge/testing/emulators/clean-environment';
import { startGuarded } from '@tiki-bridge/testing/emulators/guarded-process';
import { findFreePorts, LOOPBACK } from '@tiki-bridge/testing/emulators/ports';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';

export interface PrivateBackend {
  /** For PRIVATE_BACKEND_URL. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** Starts the example of a private service, which answers through `/backend/whoami`. */
export async function startPrivateBackend(): Promise<PrivateBackend> {
  const { backend: port } = await findFreePorts(['backend']);
  const origin = `http://${LOOPBACK}:${port}`;
  const guarded = startGuarded(
    process.execPath,
    [path.join(PROJECT_ROOT, 'examples', 'backend', 'express.mjs')],
    {
      cwd: PROJECT_ROOT,
      env: cleanEnvironment(process.env, {
        PORT: String(port),
        OWN_URL: origin,
        // Tells the example that tokens are unsigned; it does not call the emulator.
        FIREBASE_AUTH_EMULATOR_HOST: `${LOOPBACK}:9099`,
      }),
    },
  );
  const died = guarded.exited.then(() => {
    throw new Error(`The private service did not start.\n${guarded.output()}`);
  });
  // It ends by `stop`, later.
  died.catch(() => undefined);
  await Promise.race([guarded.waitForOutput('Listening on port'), died]);
  return { origin, stop: () => guarded.stop() };
}
