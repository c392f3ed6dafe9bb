import path from 'node:path';
import { cleanEnvironment } from './clean-environment';
import { startGuarded } from './guarded-process';
import { findFreePorts, LOOPBACK } from './ports';
import { PROJECT_ID, PROJECT_ROOT } from './project-files';
import { waitUntilReady } from './readiness';

const START_MS = 120_000;

/** firebase-tools' own server, without its command line, which takes twice as long to start. */
const SERVER = path.join(PROJECT_ROOT, 'node_modules/firebase-tools/lib/emulator/auth/server.js');

export interface AuthEmulator {
  readonly origin: string;
  /** Creates or changes accounts: `accounts`, `accounts:update`, `accounts:delete`. */
  administer(method: string, body: object): Promise<void>;
  stop(): Promise<void>;
}

/** Of every custom token: what it is for. */
const AUDIENCE =
  'https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit';

/** A custom token as the emulator takes it: not signed. */
export function unsignedCustomToken(uid: string, claims: object = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ aud: AUDIENCE, uid, claims })}.`;
}

/** Starts the Auth emulator alone. It cannot outlive this process. */
export async function startAuthEmulator(): Promise<AuthEmulator> {
  const { auth: port } = await findFreePorts(['auth']);
  const origin = `http://${LOOPBACK}:${port}`;
  const script = `
    require(${JSON.stringify(SERVER)}).createApp(${JSON.stringify(PROJECT_ID)})
      .then((app) => app.listen(${port}, ${JSON.stringify(LOOPBACK)}));`;
  const guarded = startGuarded(process.execPath, ['--eval', script], {
    cwd: PROJECT_ROOT,
    env: cleanEnvironment(process.env),
  });
  await waitUntilReady({
    name: 'The Auth emulator',
    guarded,
    url: `${origin}/`,
    isReady: ({ ok }) => ok,
    signal: AbortSignal.timeout(START_MS),
  });
  return {
    origin,
    async administer(method, body) {
      const url = `${origin}/identitytoolkit.googleapis.com/v1/projects/${PROJECT_ID}/${method}`;
      const answer = await fetch(url, {
        method: 'POST',
        headers: { Authorization: 'Bearer owner', 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${method}: ${await answer.text()}`);
    },
    stop: () => guarded.stop(),
  };
}
