import { createHash } from 'node:crypto';
import { unsignedCustomToken } from '@tiki-bridge/testing/emulators/auth-emulator';
import { type Arrived, json, type Reply, type Site } from './site';

// A stand-in for the function `sessions`, which has tests of its own: the same routes and codes.

const problem = (status: number, code: string): Reply => json({ code }, status);
const fieldsOf = (body: string) => JSON.parse(body) as Readonly<Record<string, unknown>>;

/** As Hosting answers where the bridge is deployed without its sessions. */
export function serveNoSessions({ routes }: Site): void {
  for (const name of ['user', 'csrf_token', 'sign_in', 'sign_out']) {
    routes.set(`/session/${name}`, () => ({ status: 404 }));
  }
}

/** Serves sessions in a cookie, whose value is the uid. The custom token is the uid too. */
export function serveCookieSessions({ routes, origin }: Site): void {
  const uidIn = ({ headers }: Arrived) => /__session=([^;]+)/.exec(headers.cookie ?? '')?.[1];
  const stateFor = (uid: string | undefined) =>
    uid === undefined
      ? { user: null, csrfToken: null }
      : { user: { uid, name: `name of ${uid}` }, csrfToken: `csrf for ${uid}` };
  const isOwn = ({ headers }: Arrived) =>
    headers.origin === origin && headers['content-type'] === 'application/json';
  const withCookie = (reply: Reply, cookie: string): Reply => ({
    ...reply,
    headers: { ...reply.headers, 'Set-Cookie': `__session=${cookie}; HttpOnly; Path=/` },
  });

  routes.set('/session/user', (arrived) => json(stateFor(uidIn(arrived))));
  routes.set('/session/csrf_token', (arrived) => {
    const { csrfToken } = stateFor(uidIn(arrived));
    return json({ csrfToken });
  });
  routes.set('/session/sign_in', (arrived) => {
    const uid = fieldsOf(arrived.body)['customToken'];
    if (!isOwn(arrived)) return problem(403, 'forbidden');
    if (typeof uid !== 'string' || uid === 'invalid') return problem(401, 'unauthenticated');
    return withCookie(json(stateFor(uid)), uid);
  });
  routes.set('/session/sign_out', (arrived) => {
    const uid = uidIn(arrived);
    const isForged = uid !== undefined && arrived.headers['x-csrf-token'] !== `csrf for ${uid}`;
    if (!isOwn(arrived) || isForged) return problem(403, 'forbidden');
    return withCookie({ status: 204 }, '; Max-Age=0');
  });
}

/** A hand-over code: whose it is, and for which page. */
interface Code {
  readonly uid: string;
  readonly challenge: string;
}

export interface HandOvers {
  /** Makes a code, as the bridge does for the Tini App. */
  issue(uid: string, challenge: string): string;
  /** Lets all codes expire. */
  expire(): void;
}

/** Serves the trade of hand-over codes. */
export function serveHandOvers({ routes }: Site): HandOvers {
  const codes = new Map<string, Code>();
  routes.set('/session/trade', ({ body }) => {
    const { code, verifier } = fieldsOf(body);
    const found = codes.get(String(code));
    const challenge = createHash('sha256').update(String(verifier)).digest('base64url');
    if (found?.challenge !== challenge) return problem(403, 'invalid-hand-over');
    codes.delete(String(code));
    return json({ customToken: unsignedCustomToken(found.uid), uid: found.uid });
  });
  return {
    issue(uid, challenge) {
      const code = createHash('sha256').update(`code ${codes.size} ${uid}`).digest('base64url');
      codes.set(code, { uid, challenge });
      return code;
    },
    expire() {
      codes.clear();
    },
  };
}
