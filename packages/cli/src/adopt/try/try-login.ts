import { randomInt } from 'node:crypto';
import path from 'node:path';
import { startTikiSimulator } from '@tiki-bridge/tiki-simulator/server';
import { z } from 'zod';
import { printable } from '../../printable';
import { UsageError } from '../../usage-error';
import { SIMULATOR } from './emulator-files';
import { DEMO_PROJECT, emulatorCommands, isThroughHosting } from './emulators';
import { FIREBASE_JSON, readFirebaseJson, type Site, siteIn } from '../project/firebase-json';
import { projectIn } from '../project/folder';
import { FOLDER } from '../project/project';
import { readRecord, type Written } from '../plan/record';
import { DEFAULT_REGION } from '../../deployment';
import { deployedName } from '../wanted/choices';

/** The first request to a function of the emulator loads it. */
const WAIT_MS = 60_000;
/** What the Firebase CLI takes without a port in firebase.json. */
const DEFAULT_HUB_PORT = 4400;

const address = z.object({ host: z.string(), port: z.number() });
const hub = z.object({
  auth: address.optional(),
  functions: address.optional(),
  hosting: address.optional(),
});
const hubSettings = z.object({ hub: z.object({ port: z.number() }) });
const session = z.object({ idToken: z.string() });
const exchanged = z.object({ customToken: z.string(), uid: z.string() });

/** Where the functions expect Tiki, in a file that its developer may have changed. */
function simulatorPort(parameters = ''): number {
  const [, port] = /^TIKI_API_BASE_URL=http:\/\/127\.0\.0\.1:(\d+)\//m.exec(parameters) ?? [];
  if (port !== undefined) return Number(port);
  throw new UsageError(
    `${FOLDER}/.env.local names no simulated Tiki: TIKI_API_BASE_URL=http://127.0.0.1:${SIMULATOR.port}/tiniapp-open-api`,
  );
}

const originOf = ({ host, port }: z.infer<typeof address>) =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

async function post(url: string, body: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(WAIT_MS),
  });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as unknown;
  throw new UsageError(`${new URL(url).pathname} answered ${answer.status}: ${text.slice(0, 500)}`);
}

/**
 * Where the emulators listen that `emulatorCommands` starts.
 *
 * @returns the origin of Authentication, and the address of the login
 * @throws UsageError
 */
async function runningEmulators(port: number, { choices }: Written, site: Site | undefined) {
  const answer = await fetch(`http://127.0.0.1:${port}/emulators`, {
    signal: AbortSignal.timeout(WAIT_MS),
  }).catch(() => undefined);
  const { auth, functions, hosting } = hub.parse((await answer?.json()) ?? {});
  const hasHosting = isThroughHosting(choices, site);
  const way = hasHosting ? hosting : functions;
  if (!auth || !way) {
    const missing = auth ? (hasHosting ? 'Hosting' : 'the functions') : 'Authentication';
    const lack = answer ? `no emulator of ${missing}` : 'no emulators';
    const start = emulatorCommands(choices, site).join(' && ');
    throw new UsageError(`There are ${lack} running: ${start}`);
  }
  const path = hasHosting
    ? choices.prefix
    : `/${DEMO_PROJECT}/${DEFAULT_REGION}/${deployedName('auth', choices)}`;
  return { auth: originOf(auth), exchange: `${originOf(way)}${path}/auth_exchange` };
}

/**
 * Logs a made-up customer in at the running emulators, with a simulated Tiki that lives as long as this
 * takes: auth code, `POST /auth_exchange`, custom token, session.
 *
 * @returns the exit code
 * @throws UsageError
 */
export async function tryLogin(folder: string): Promise<number> {
  const root = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), folder);
  const { read } = projectIn(root);
  const written = readRecord(read);
  if (!written) throw new UsageError(`${root} has no ${FOLDER}/ that init has written: run init`);
  const json = readFirebaseJson(read(FIREBASE_JSON) ?? '');
  const { data } = hubSettings.safeParse(json?.emulators);
  const hubPort = data?.hub.port ?? DEFAULT_HUB_PORT;
  const { auth, exchange } = await runningEmulators(
    hubPort,
    written,
    siteIn(read, written.choices),
  );

  const port = simulatorPort(read(`${FOLDER}/.env.local`));
  const simulator = await startTikiSimulator({ ...SIMULATOR, port }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The simulated Tiki cannot listen on port ${port}: ${reason}`);
  });
  try {
    const customerId = String(randomInt(1, 1_000_000_000));
    const { authCode } = simulator.issueAuthCode({
      customerId,
      customerName: 'Nguyễn Thị Lan',
      scopes: ['user_profile'],
    });
    console.log(`A simulated Tiki gives customer ${customerId} an auth code.`);
    const { customToken, uid } = exchanged.parse(await post(exchange, { code: authCode }));
    console.log(`POST ${exchange}: a custom token for ${printable(uid)}`);
    const signIn = '/identitytoolkit.googleapis.com/v1/accounts:signInWithCustomToken?key=demo';
    session.parse(await post(auth + signIn, { token: customToken, returnSecureToken: true }));
    console.log(`Logged in as ${printable(uid)}: rules and functions see this uid.`);
    return 0;
  } finally {
    await simulator.close();
  }
}
