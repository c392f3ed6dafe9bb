import type { TikiFirebaseError } from 'tiki-firebase-client';
import type { Build } from './build';
import { type AppOptions, buildClient, openApp, type OpenedApp } from './client-build';
import { createPhone, type Phone, type RecordedRequest, type Timers } from './phone';
import { createStandIn, type StandIn } from './stand-in';
import { createVirtualTime, type VirtualTime } from './virtual-time';

export const DOMAIN = 'https://app.example.vn';
export const AN = { id: '1001', name: 'Nguyễn Văn An' };
export const BINH = { id: '1002', name: 'Trần Thị Bình' };
/** 2026-11-22T00:00:00Z */
export const START = Date.UTC(2026, 10, 22);
export const MINUTE_MS = 60_000;

export interface Scene {
  readonly time: VirtualTime;
  readonly server: StandIn;
  readonly phone: Phone;
  readonly open: (options?: AppOptions) => OpenedApp;
}

/** A phone with An logged in to Tiki, and an in-memory server with its own clock. */
export function phoneWithServer(serverNow: () => number, timers?: Timers) {
  const server = createStandIn(serverNow);
  const phone = createPhone({
    domains: [DOMAIN],
    transport: server.transport,
    issueAuthCode: server.issueAuthCode,
    customer: AN,
    ...(timers && { timers }),
  });
  return { phone, server };
}

/** The same, with virtual time. */
export function createScene(build: Build): Scene {
  const time = createVirtualTime(START);
  // The server's clock is correct, regardless of the phone's.
  const { phone, server } = phoneWithServer(() => START + time.elapsed(), time);
  return { time, server, phone, open: (options) => openApp(build, phone, options) };
}

/** Builds the client once for a test file. */
export function clientForTests() {
  let build: Build | undefined;
  beforeAll(() => {
    build = buildClient();
  });
  afterAll(() => {
    build?.remove();
  });
  function scene(): Scene {
    if (!build) throw new Error('The client is built in beforeAll; use it inside tests only.');
    return createScene(build);
  }
  return {
    scene,
    /** An's app, logged in; the requests of the login are cleared. */
    loggedIn: async () => {
      const now = scene();
      const { firebase } = now.open();
      await firebase.signIn();
      now.phone.requests.length = 0;
      return { ...now, firebase };
    },
  };
}

/** The error that a call rejects with. Throws if it resolves. */
export async function failureOf(call: Promise<unknown>): Promise<TikiFirebaseError> {
  try {
    await call;
  } catch (error) {
    // From the app's realm, so instanceof does not work; tests check its code.
    return error as TikiFirebaseError;
  }
  throw new Error('expected a rejection');
}

export const paths = (requests: readonly RecordedRequest[]) =>
  requests.map(({ url }) => url.slice(DOMAIN.length));

/** The number of token refreshes. */
export const refreshes = ({ phone }: Pick<Scene, 'phone'>) =>
  paths(phone.requests).filter((path) => path === '/securetoken/v1/token').length;

/** The app's only value in storage; undefined before it stored anything. */
export function stored(phone: Phone): unknown {
  const [text] = phone.storage.values();
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

/** A promise and the function that resolves it. */
export function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}
