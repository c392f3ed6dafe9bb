import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { CompanionOrigins } from '@tiki-bridge/testing/emulators/bridge';
import type { Companion } from '@tiki-bridge/testing/emulators/staging';

export interface WebCompanion {
  /** For `startBridge`, which copies the files. */
  readonly companion: (origins: CompanionOrigins) => Companion;
  /** Removes the build. */
  readonly remove: () => Promise<void>;
}

/** Builds the example to run beside the bridge in the emulators, with simulated Tiki customers. */
export async function buildWebCompanion(): Promise<WebCompanion> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tiki-bridge-web-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    // A process of its own, because Vite is an ES module, which jest cannot load.
    const build = ['--import', 'tsx', path.join(__dirname, 'build.ts'), folder];
    await promisify(execFile)(process.execPath, build);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    companion: ({ hostingOrigin, simulatorOrigin, fcmOrigin }) => ({
      name: 'web-example',
      folder,
      nodeModules: path.resolve(__dirname, '..', '..', 'functions', 'node_modules'),
      env: {
        WEB_API_KEY: 'demo-api-key',
        SIMULATOR_ORIGIN: simulatorOrigin,
        // The demo page stands in for the Tini App.
        TINI_APP_ORIGIN: hostingOrigin,
        ...(fcmOrigin !== undefined && { FCM_ORIGIN: fcmOrigin }),
      },
    }),
    remove,
  };
}
