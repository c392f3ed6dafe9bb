import { startFirestoreEngine } from '@tiki-bridge/testing/emulators/firestore';
import type { Service } from '../case';
import { offlineEngine, readRulesFile, RULES_FILES, type Engine } from './offline';
import { officialJudge } from './official/judge';

/** Set by `firebase emulators:exec` for the emulators it has started. */
const HOST_VARIABLES: Readonly<Record<Service, string>> = {
  firestore: 'FIRESTORE_EMULATOR_HOST',
  storage: 'FIREBASE_STORAGE_EMULATOR_HOST',
  database: 'FIREBASE_DATABASE_EMULATOR_HOST',
};

/** A running emulator of a service: an existing one, otherwise one started here if possible. */
export async function officialHost(
  service: Service,
  projectId: string,
  env: NodeJS.ProcessEnv,
): Promise<
  { readonly host: string; readonly stop: () => Promise<void> } | { readonly unavailable: string }
> {
  const host = env[HOST_VARIABLES[service]];
  if (host) return { host, stop: () => Promise.resolve() };
  if (service === 'firestore') return startFirestoreEngine({ projectId });
  return { unavailable: 'Google’s emulator only runs under "npm run test:rules:official".' };
}

/** Whether a missing Google engine is a failure: Firestore's on CI, all of them on request. */
export const officialRequired = (service: Service, env: NodeJS.ProcessEnv): boolean =>
  env['REQUIRE_OFFICIAL_EMULATORS'] === '1' || (service === 'firestore' && Boolean(env['CI']));

/** Google's emulator if available, otherwise the offline engine, or an error if Google's is required. */
export async function bestEngine(
  service: Service,
  now: number,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Engine> {
  const projectId = env['GCLOUD_PROJECT'] ?? 'demo-rules';
  const running = await officialHost(service, projectId, env);
  if ('unavailable' in running) {
    if (officialRequired(service, env)) {
      throw new Error(`${RULES_FILES[service]} needs Google’s emulator. ${running.unavailable}`);
    }
    return { ...offlineEngine(service, now), insteadOfOfficial: running.unavailable };
  }
  const { host, stop } = running;
  try {
    const rules = readRulesFile(service);
    const official = await officialJudge({ service, host, rules, projectId, now });
    return {
      name: 'Google’s emulator',
      judge: official.judge,
      close: async () => {
        await official.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
