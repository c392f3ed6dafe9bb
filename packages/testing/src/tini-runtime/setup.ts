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

/** A phone with An logged in to Tiki, and a server in memory with a clock of its own. */
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

/** The same, in time that stands still. */
export function createScene(build: Build): Scene {
  const time = createVirtualTime(START);
  // Right, whatever the phone's clock says.
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
    if (!build) throw new Error('The client is built before the tests, not while they are listed.');
    return createScene(build);
  }
  return {
    scene,
    /** An's app, logged in; her requests until then are forgotten. */
    loggedIn: async () => {
      const now = scene();
      const { firebase } = now.open();
      await firebase.signIn();
      now.phone.requests.length = 0;
      return { ...now, firebase };
    },
  };
}

/** What a call failed with: the code, and the message for the user. Fails if it went well. */
export async function failureOf(call: Promise<unknown>): Promise<TikiFirebaseError> {
  try {
    await call;
  } catch (error) {
    // Of the app's own world, so no instanceof; a test that expects the code finds out.
    return error as TikiFirebaseError;
  }
  throw new Error('It went well.');
}

export const paths = (requests: readonly RecordedRequest[]) =>
  requests.map(({ url }) => url.slice(DOMAIN.length));

/** How often the token was refreshed. */
export const refreshes = ({ phone }: Pick<Scene, 'phone'>) =>
  paths(phone.requests).filter((path) => path === '/securetoken/v1/token').length;

/** What the app has in storage, whatever the key; undefined before it stored anything. */
export function stored(phone: Phone): unknown {
  const [text] = phone.storage.values();
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

/** A promise, and what settles it. */
export function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}
