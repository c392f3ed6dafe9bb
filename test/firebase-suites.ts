// node bootstrap.mjs test/firebase-suites.ts: the emulators for Firebase's own test suites, which then
// run from a checkout of firebase-js-sdk; see docs/contribute.md.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { type RunningBridge, startBridge } from '@tiki-bridge/testing/emulators/bridge';
import { buildFunctions } from '@tiki-bridge/testing/emulators/build-functions';
import { LOOPBACK } from '@tiki-bridge/testing/emulators/ports';

/** Firebase's suites write wherever they like. */
const OPEN_RULES = `rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
    match /{document=**} { allow read, write; }
  }
}`;

async function openRules({ firestoreHost, projectId }: RunningBridge): Promise<void> {
  if (firestoreHost === undefined) throw new Error('The suites need a Firestore emulator.');
  const url = `http://${firestoreHost}/emulator/v1/projects/${projectId}:securityRules`;
  const body = JSON.stringify({ rules: { files: [{ name: 'open.rules', content: OPEN_RULES }] } });
  const response = await fetch(url, { method: 'PUT', body });
  if (!response.ok) throw new Error(`The rules were refused: ${await response.text()}`);
}

/** What the gateway serves of Firebase Auth, by the path that the SDK asks an emulator for. */
const SERVED =
  /^\/(identitytoolkit|securetoken)\.googleapis\.com(\/v1\/(?:accounts:(?:signInWithCustomToken|lookup)|token)(?:\?.*)?)$/;

/** Where a request of the Auth suite goes: through the gateway, or to the emulator itself. */
function targetOf(path: string, { hostingOrigin, authEmulatorOrigin }: RunningBridge): URL {
  const [, api, call] = SERVED.exec(path) ?? [];
  return api === undefined || call === undefined
    ? new URL(path, authEmulatorOrigin)
    : new URL(`/${api}${call}`, hostingOrigin);
}

/** Poses as an Auth emulator that asks the gateway for the calls that it serves. */
function startAuthFront(bridge: RunningBridge): Promise<number> {
  const server = http.createServer((request, response) => {
    const url = targetOf(request.url ?? '/', bridge);
    const headers = { ...request.headers, host: url.host };
    const call = http.request(url, { method: request.method ?? 'GET', headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response).catch(() => response.destroy());
    });
    pipeline(request, call).catch(() => response.destroy());
  });
  return new Promise((resolve) => {
    server.listen(0, LOOPBACK, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function main(): Promise<void> {
  await buildFunctions();
  const bridge = await startBridge({ ports: 'free', env: { RATE_LIMIT_PER_MINUTE: '0' } });
  await openRules(bridge);
  const port = (host: string) => host.replace(/^.*:/, '');
  const auth = await startAuthFront(bridge);
  console.log(`
Firestore Lite, in packages/firestore:
  export FIRESTORE_EMULATOR_PROJECT_ID=${bridge.projectId}
  FIRESTORE_EMULATOR_PORT=${port(bridge.firestoreHost ?? '')} yarn test:lite
  FIRESTORE_EMULATOR_PORT=${port(bridge.hostingOrigin)}/firestore yarn test:lite
Auth with custom tokens, in packages/auth:
  export GCLOUD_PROJECT=${bridge.projectId}
  FIREBASE_AUTH_EMULATOR_HOST=${bridge.authEmulatorOrigin.replace('http://', '')} yarn test:node:integration:local
  FIREBASE_AUTH_EMULATOR_HOST=${LOOPBACK}:${auth} yarn test:node:integration:local
The first of each two asks the emulator directly, the second through Hosting and the gateway.
Ctrl+C ends the emulators.`);
  const end = () => void bridge.stop().finally(() => process.exit(0));
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
