import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';

export interface FirestoreJar {
  readonly file: string;
  /** Arguments for `java`: the Cloud CLI's jar does not declare its main class. */
  readonly javaArgs: readonly string[];
}

const CLOUD_CLI_JAR = 'platform/cloud-firestore-emulator/cloud-firestore-emulator.jar';
const MAIN_CLASS = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore';

/** Where the Google Cloud CLI is usually installed; the one on PATH first. */
function cloudCliRoots(env: NodeJS.ProcessEnv, home: string): string[] {
  const onPath = (env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, process.platform === 'win32' ? 'gcloud.cmd' : 'gcloud'))
    .filter((file) => existsSync(file))
    // `gcloud` on PATH is often a link into <root>/bin.
    .map((file) => path.resolve(realpathSync(file), '..', '..'));
  return [
    ...(env['CLOUDSDK_ROOT_DIR'] ? [env['CLOUDSDK_ROOT_DIR']] : []),
    ...onPath,
    '/usr/lib/google-cloud-sdk',
    '/usr/share/google-cloud-sdk',
    '/opt/google-cloud-sdk',
    '/snap/google-cloud-cli/current',
    '/snap/google-cloud-sdk/current',
    '/opt/homebrew/share/google-cloud-sdk',
    '/opt/homebrew/Caskroom/google-cloud-sdk/latest/google-cloud-sdk',
    '/usr/local/Caskroom/google-cloud-sdk/latest/google-cloud-sdk',
    path.join(home, 'google-cloud-sdk'),
    ...(env['LOCALAPPDATA']
      ? [path.join(env['LOCALAPPDATA'], 'Google', 'Cloud SDK', 'google-cloud-sdk')]
      : []),
  ];
}

/** Downloads of firebase-tools, newest first. */
function firebaseToolsJars(env: NodeJS.ProcessEnv, home: string): string[] {
  const cache = env['FIREBASE_EMULATORS_PATH'] ?? path.join(home, '.cache/firebase/emulators');
  if (!existsSync(cache)) return [];
  return readdirSync(cache)
    .filter((name) => /^cloud-firestore-emulator-.*\.jar$/.test(name))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => path.join(cache, name));
}

/** All Firestore emulators on this machine, those that run on older Java first. */
export function findFirestoreJars(env: NodeJS.ProcessEnv, home: string): FirestoreJar[] {
  const fromCloudCli = [...new Set(cloudCliRoots(env, home))]
    .map((root) => path.join(root, CLOUD_CLI_JAR))
    .filter((file) => existsSync(file))
    .map((file) => ({ file, javaArgs: ['-cp', file, MAIN_CLASS] }));
  const fromFirebaseTools = firebaseToolsJars(env, home).map((file) => ({
    file,
    javaArgs: ['-jar', file],
  }));
  return [...fromCloudCli, ...fromFirebaseTools];
}
