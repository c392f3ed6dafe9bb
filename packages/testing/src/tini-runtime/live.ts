import { type RunningBridge, startBridge } from '../emulators/bridge';
import type { RequestBehaviour } from './behaviour';
import type { Build } from './build';
import { type AppOptions, buildClient, openApp, type OpenedApp } from './client-build';
import { payAtTiki } from './pay-at-tiki';
import { createPhone, type Customer, type Phone, type Timers } from './phone';
import { buildProgram, type ProgramBuild } from './program';
import { AN, DOMAIN } from './setup';
import { loopbackTransport } from './transport';

/** The real emulators behind the real Hosting rewrites, and phones that use them. */
export interface Live {
  readonly bridge: () => RunningBridge;
  readonly phone: (behaviour?: RequestBehaviour, timers?: Timers) => Phone;
  /** The compiled mini program. */
  readonly program: () => ProgramBuild;
  readonly open: (phone: Phone, options?: AppOptions) => OpenedApp;
  /** Sets the account claims, as the bridge does after a purchase. */
  readonly setClaims: (
    customer: Customer,
    claims: Readonly<Record<string, unknown>>,
  ) => Promise<void>;
  readonly setAccount: (
    customer: Customer,
    changes: Readonly<Record<string, unknown>>,
  ) => Promise<void>;
  /** Writes a document as the server. Fields in the format of Firestore's REST API. */
  readonly publish: (path: string, fields: Readonly<Record<string, unknown>>) => Promise<void>;
}

/** Three documents to query: `một`, `hai` and `ba`, with `at` from 1 to 3. */
export async function publishThree({ publish }: Live, collection: string): Promise<void> {
  for (const [index, id] of ['một', 'hai', 'ba'].entries()) {
    const at = { integerValue: String(index + 1) };
    await publish(`${collection}/${encodeURIComponent(id)}`, { at });
  }
}

/**
 * Starts everything once per suite. The client and the mini program are built on first use.
 */
export function liveForTests(programFolder?: string): Live {
  let running: RunningBridge | undefined;
  let builtClient: Build | undefined;
  let program: ProgramBuild | undefined;
  beforeAll(async () => {
    const env = { WEB_ORIGINS: DOMAIN };
    running = await startBridge({ ports: 'free', firestore: true, env });
  });
  afterAll(async () => {
    program?.remove();
    builtClient?.remove();
    await running?.stop();
  });

  const client = () => (builtClient ??= buildClient());
  const bridge = () => {
    if (!running) throw new Error('The bridge starts in beforeAll; use it inside tests only.');
    return running;
  };
  async function asOwner(method: string, url: string, body: unknown): Promise<void> {
    const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer owner' };
    const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  }
  const setAccount: Live['setAccount'] = async ({ id }, changes) => {
    const { authEmulatorOrigin, projectId } = bridge();
    const path = `/identitytoolkit.googleapis.com/v1/projects/${projectId}/accounts:update`;
    await asOwner('POST', authEmulatorOrigin + path, { localId: `tiki:${id}`, ...changes });
  };
  return {
    bridge,
    phone: (behaviour, timers) => {
      const phone = createPhone({
        domains: [DOMAIN],
        transport: loopbackTransport(DOMAIN, bridge().hostingOrigin),
        issueAuthCode: (customer, scopes) =>
          bridge().simulator.issueAuthCode({
            customerId: customer.id,
            customerName: customer.name,
            scopes,
          }).authCode,
        customer: AN,
        ...(behaviour && { behaviour }),
        ...(timers && { timers }),
      });
      phone.pay = payAtTiki(bridge().simulator, phone);
      return phone;
    },
    program: () => {
      if (programFolder === undefined) throw new Error('No program folder was given.');
      return (program ??= buildProgram(programFolder, client().folder));
    },
    open: (phone, options) => openApp(client(), phone, options),
    setAccount,
    setClaims: (customer, claims) =>
      setAccount(customer, { customAttributes: JSON.stringify(claims) }),
    publish: async (path, fields) => {
      const { firestoreHost = '', projectId } = bridge();
      const root = `http://${firestoreHost}/v1/projects/${projectId}/databases/(default)/documents`;
      await asOwner('PATCH', `${root}/${path}`, { fields });
    },
  };
}
