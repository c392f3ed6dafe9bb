import { type RunningBridge, startBridge } from '../emulators/bridge';
import {
  type AppOptions,
  buildClient,
  type ClientBuild,
  openApp,
  type OpenedApp,
} from './client-build';
import type { RequestBehaviour } from './behaviour';
import { createPhone, type Customer, type Phone, type Timers } from './phone';
import { buildProgram, type ProgramBuild } from './program';
import { AN, DOMAIN } from './setup';
import { loopbackTransport } from './transport';

/** Emulators and functions have to start, ms. */
export const START_MS = 150_000;

/** For a test's calls on a busy machine, ms. */
const CALLS_MS = 30_000;

/** The real emulators behind the real Hosting rewrites, and phones to use them with. */
export interface Live {
  readonly bridge: () => RunningBridge;
  readonly phone: (behaviour?: RequestBehaviour, timers?: Timers) => Phone;
  /** The mini program that was named, compiled. */
  readonly program: () => ProgramBuild;
  readonly open: (phone: Phone, options?: AppOptions) => OpenedApp;
  /** Sets the account's own claims, as the bridge does when somebody has paid. */
  readonly setClaims: (
    customer: Customer,
    claims: Readonly<Record<string, unknown>>,
  ) => Promise<void>;
  readonly setAccount: (
    customer: Customer,
    changes: Readonly<Record<string, unknown>>,
  ) => Promise<void>;
  /** Writes what only the server may write. Fields as Firestore's REST API has them. */
  readonly publish: (path: string, fields: Readonly<Record<string, unknown>>) => Promise<void>;
}

/** Starts everything once for the tests of the suite it is called in, and compiles a mini program. */
export function liveForTests(programFolder?: string): Live {
  jest.setTimeout(CALLS_MS);
  let running: { readonly bridge: RunningBridge; readonly build: ClientBuild } | undefined;
  beforeAll(async () => {
    const build = buildClient();
    const bridge = await startBridge({ ports: 'free', firestore: true });
    running = { build, bridge };
  }, START_MS);
  let program: ProgramBuild | undefined;
  afterAll(async () => {
    program?.remove();
    running?.build.remove();
    await running?.bridge.stop();
  }, START_MS);

  const now = () => {
    if (!running) throw new Error('Everything starts before the tests, not while they are listed.');
    return running;
  };
  async function asOwner(method: string, url: string, body: unknown): Promise<void> {
    const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer owner' };
    const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  }
  const setAccount: Live['setAccount'] = async ({ id }, changes) => {
    const { authEmulatorOrigin, projectId } = now().bridge;
    const path = `/identitytoolkit.googleapis.com/v1/projects/${projectId}/accounts:update`;
    await asOwner('POST', authEmulatorOrigin + path, { localId: `tiki:${id}`, ...changes });
  };
  return {
    bridge: () => now().bridge,
    phone: (behaviour, timers) =>
      createPhone({
        domains: [DOMAIN],
        transport: loopbackTransport(DOMAIN, now().bridge.hostingOrigin),
        issueAuthCode: (customer, scopes) =>
          now().bridge.simulator.issueAuthCode({
            customerId: customer.id,
            customerName: customer.name,
            scopes,
          }).authCode,
        customer: AN,
        ...(behaviour && { behaviour }),
        ...(timers && { timers }),
      }),
    program: () => {
      if (programFolder === undefined) throw new Error('No mini program was named.');
      return (program ??= buildProgram(programFolder, now().build.folder));
    },
    open: (phone, options) => openApp(now().build, phone, options),
    setAccount,
    setClaims: (customer, claims) =>
      setAccount(customer, { customAttributes: JSON.stringify(claims) }),
    publish: async (path, fields) => {
      const { firestoreHost = '', projectId } = now().bridge;
      const root = `http://${firestoreHost}/v1/projects/${projectId}/databases/(default)/documents`;
      await asOwner('PATCH', `${root}/${path}`, { fields });
    },
  };
}
