import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type BridgeOptions,
  type RunningBridge,
  type SiteContext,
  startBridge,
} from '@tiki-bridge/testing/emulators/bridge';
import { buildWebCompanion } from '@tiki-bridge/web-example/companion';
import { buildDemoPage } from './build';
import { type PremiumServer, startPremiumServer } from './premium-server/start';
import { startPrivateBackend } from './private-backend';

export interface RunningDemo extends RunningBridge {
  /** The server that makes customers premium; only with Firestore. */
  readonly premiumOrigin?: string;
}

/** The content of /demo-config.json. */
function demoConfig(context: SiteContext, premiumOrigin: string | undefined): string {
  const {
    projectId,
    authEmulatorOrigin,
    simulatorOrigin,
    firestore,
    companionOrigin,
    emulatorUiOrigin,
    fcmOrigin,
  } = context;
  const [host, port] = 'host' in firestore ? firestore.host.split(':') : [];
  const state =
    'host' in firestore
      ? { available: true, host, port: Number(port) }
      : { available: false, reason: firestore.unavailable };
  return JSON.stringify({
    projectId,
    authEmulatorOrigin,
    simulatorOrigin,
    firestore: state,
    premiumOrigin,
    webOrigin: companionOrigin,
    emulatorUiOrigin,
    fcmOrigin,
  });
}

export interface DemoOptions extends Omit<BridgeOptions, 'site' | 'companion'> {
  /** Whether to serve the web example too, on its own site; default false. */
  readonly web?: boolean;
}

/** Starts the bridge with the demo page on its domain. Throws like `startBridge`. */
export async function startDemo({ web = false, ...options }: DemoOptions): Promise<RunningDemo> {
  const { onProgress = () => undefined } = options;
  const name = 'Web pages';
  if (web) onProgress({ name, state: 'started' });
  const pages = web ? await buildWebCompanion() : undefined;
  if (web) onProgress({ name, state: 'done' });
  const service = await startPrivateBackend();
  try {
    const running = await startPages({
      push: true,
      ...options,
      ...(pages && { companion: pages.companion }),
      env: { WEB_API_KEY: 'demo-api-key', PRIVATE_BACKEND_URL: service.origin, ...options.env },
    });
    return {
      ...running,
      stop: async () => {
        await running.stop();
        await service.stop();
      },
    };
  } catch (error) {
    await service.stop();
    throw error;
  } finally {
    await pages?.remove();
  }
}

async function startPages(options: Omit<BridgeOptions, 'site'>): Promise<RunningDemo> {
  let premium: PremiumServer | undefined;
  const bridge = await startBridge({
    ...options,
    site: {
      name: 'Demo page',
      start: async (context) => {
        const { firestore, publicFolder } = context;
        const server =
          'host' in firestore
            ? await startPremiumServer({ ...context, firestoreHost: firestore.host })
            : undefined;
        premium = server;
        try {
          await buildDemoPage(publicFolder);
          const config = demoConfig(context, server?.origin);
          await writeFile(path.join(publicFolder, 'demo-config.json'), config);
        } catch (error) {
          await server?.stop();
          throw error;
        }
        return {
          ready: async (signal) => server?.ready(signal),
          stop: async () => server?.stop(),
        };
      },
    },
  });
  return { ...bridge, ...(premium && { premiumOrigin: premium.origin }) };
}
