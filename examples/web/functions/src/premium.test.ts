import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { respond, type Site, type Visitor } from './respond';

const UID = 'tiki:1';
const NOW = Date.now();
const DAY_MS = 86_400_000;

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An ID token, as Auth's client parses it; the rules of the stand-in below only look at `premium`. */
function visitor(premium: boolean, via: Visitor['via']): Visitor {
  const seconds = Math.floor(NOW / 1_000);
  const payload = { sub: UID, user_id: UID, iat: seconds, exp: seconds + 3_600, premium };
  return {
    uid: UID,
    name: null,
    idToken: `${encoded({ alg: 'none' })}.${encoded(payload)}.x`,
    via,
  };
}

/** What the user's record says. */
let premiumUntil = 0;
let google: Server;
let host: string;

/** Auth and Firestore, as far as a page asks them: premium content is open to a token that has it. */
beforeAll(async () => {
  google = createServer((request, response) => {
    void text(request).then((body) => {
      const send = (status: number, answer: unknown) => {
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(answer));
      };
      if (request.url?.includes('accounts:lookup') === true) {
        send(200, { users: [{ localId: UID }] });
        return;
      }
      const { documents } = JSON.parse(body) as { readonly documents: readonly [string] };
      const [name] = documents;
      const payload = request.headers.authorization?.split('.')[1] ?? '';
      const isOpen = Buffer.from(payload, 'base64url').toString().includes('"premium":true');
      if (!name.includes('/entitlements/') && !isOpen) {
        send(403, { error: { code: 403, status: 'PERMISSION_DENIED', message: 'by the rules' } });
        return;
      }
      const fields = { premiumUntil: { integerValue: String(premiumUntil) } };
      const at = new Date(NOW).toISOString();
      send(200, [{ found: { name, fields, createTime: at, updateTime: at }, readTime: at }]);
    });
  });
  google.listen(0, '127.0.0.1');
  await once(google, 'listening');
  host = `127.0.0.1:${(google.address() as AddressInfo).port}`;
});
afterAll(async () => {
  google.closeAllConnections();
  google.close();
  await once(google, 'close');
});

/** The states of the lessons, the scripts and the cookie that a visit of /premium gives. */
async function visit(first: Visitor, renewed?: Visitor) {
  const verify: Site['verify'] = (refresh = false) =>
    Promise.resolve(
      refresh
        ? { visitor: renewed, setCookie: '__session=rotated' }
        : { visitor: first, setCookie: undefined },
    );
  const { status, headers, body } = await respond(
    { method: 'GET', url: '/premium', acceptLanguage: 'en' },
    {
      settings: {
        project: {
          projectId: 'demo-tiki-bridge',
          apiKey: 'key',
          emulated: true,
          authEmulatorHost: host,
          firestoreEmulatorHost: host,
        },
        simulatorOrigin: undefined,
        push: undefined,
        tiniAppOrigin: undefined,
      },
      assets: {
        styles: '',
        signIn: '',
        profile: '',
        premium: '/premium.js',
        notifications: '',
        simulatedNotifications: '',
        tiniApp: '',
      },
      verify,
      now: () => NOW,
    },
  );
  expect(status).toBe(200);
  return {
    lessons: [...body.matchAll(/lesson" data-state="(\w+)"/g)].map(([, state]) => state),
    isRenewing: body.includes('/premium.js'),
    cookie: headers['Set-Cookie'],
  };
}

const OPEN = ['read', 'read'];
const CLOSED = ['denied', 'denied'];

describe.each([
  ['a purchase', NOW + DAY_MS, false],
  ['a refund', NOW - DAY_MS, true],
])('after %s, the premium page', (_, until, before) => {
  const [old, now] = before ? [OPEN, CLOSED] : [CLOSED, OPEN];
  beforeEach(() => {
    premiumUntil = until;
  });

  it('gets a token with the claims of now, and keeps the cookie that comes with it', async () => {
    expect(await visit(visitor(before, 'cookie'), visitor(!before, 'cookie'))).toEqual({
      lessons: now,
      isRenewing: false,
      cookie: '__session=rotated',
    });
  });

  it('has the worker get one, where it has the session', async () => {
    expect(await visit(visitor(before, 'header'))).toEqual({
      lessons: old,
      isRenewing: true,
      cookie: undefined,
    });
  });

  it('is content with a token that knows', async () => {
    const { isRenewing, cookie, lessons } = await visit(visitor(!before, 'cookie'));
    expect({ isRenewing, cookie, lessons }).toEqual({
      isRenewing: false,
      cookie: undefined,
      lessons: now,
    });
  });
});
