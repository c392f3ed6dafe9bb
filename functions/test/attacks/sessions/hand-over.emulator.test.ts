import { createHash } from 'node:crypto';
import {
  type FirestoreEngine,
  startFirestoreEngine,
} from '@tiki-bridge/testing/emulators/firestore';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { findFreePorts } from '@tiki-bridge/testing/emulators/ports';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { faultsOf } from '../../openapi/faults-of';
import { PROJECT } from '../../sessions/support/auth-server';
import {
  moveClock,
  newSecret,
  ORIGIN,
  startSite,
  type TestSite,
} from '../../sessions/support/site';

const OTHER_ORIGIN = 'https://news.example.com';
const hashOf = (secret: string) => createHash('sha256').update(secret).digest('base64url');

interface Proof {
  readonly code: string;
  readonly verifier: string;
}

describeWithFirestore('a hand-over, before the real Firestore', () => {
  let engine: FirestoreEngine;
  let site: TestSite;
  beforeAll(async () => {
    const { firestore: port } = await findFreePorts(['firestore']);
    const started = await startFirestoreEngine({
      projectId: PROJECT,
      port,
      rulesFile: `${PROJECT_ROOT}/firestore.rules`,
    });
    if (!('host' in started)) throw new Error(started.unavailable);
    engine = started;
    process.env['FIRESTORE_EMULATOR_HOST'] = engine.host;
    site = await startSite({
      FIRESTORE_EMULATOR_HOST: engine.host,
      WEB_ORIGINS: `${ORIGIN},${OTHER_ORIGIN}`,
    });
    for (const id of ['1', '2', '666']) site.auth.accounts.set(`tiki:${id}`, {});
  });
  afterAll(async () => {
    await site.close();
    delete process.env['FIRESTORE_EMULATOR_HOST'];
    await engine.stop();
  });

  /** A page's verifier, and the app's code for it. */
  async function handOver(customerId: string, more: object = {}): Promise<Proof> {
    const verifier = newSecret();
    const response = await site.ask('/session/hand_over', {
      body: { challenge: hashOf(verifier), origin: ORIGIN, ...more },
      headers: { Authorization: `Bearer ${site.auth.idToken(`tiki:${customerId}`)}` },
    });
    expect(await faultsOf('handOver', response)).toEqual([]);
    const { code, expiresIn } = (await response.json()) as { code: string; expiresIn: number };
    expect([response.status, expiresIn]).toEqual([200, 60]);
    expect(code).toMatch(/^[\w-]{43}$/);
    return { code, verifier };
  }

  const trade = (proof: Proof, origin = ORIGIN) =>
    site.ask('/session/trade', { body: proof, headers: { Origin: origin } });

  async function isRefused(response: Response): Promise<void> {
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'invalid-hand-over' });
    expect(response.headers.get('set-cookie')).toBeNull();
  }

  /** The collection, without security rules. */
  const inDatabase = (path: string, init: RequestInit = {}) =>
    fetch(
      `http://${engine.host}/v1/projects/${PROJECT}/databases/(default)/documents/handOvers${path}`,
      { ...init, headers: { Authorization: 'Bearer owner' } },
    );

  async function stored(): Promise<unknown[]> {
    const response = await inDatabase('');
    const { documents = [] } = (await response.json()) as { readonly documents?: unknown[] };
    return documents;
  }

  it('gives the page a custom token with the claims of a login', async () => {
    const traded = await trade(await handOver('1'));
    expect(await faultsOf('tradeCode', traded)).toEqual([]);
    const { customToken, uid } = (await traded.json()) as { customToken: string; uid: string };

    expect(traded.headers.get('cache-control')).toBe('private, no-store');
    expect(uid).toBe('tiki:1');
    const [, payload = ''] = customToken.split('.');
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      uid: 'tiki:1',
      claims: { provider: 'tiki', tikiCustomerId: '1' },
    });
  });

  it('signs a page without a worker in, by the name that the app knows', async () => {
    // Ignored: the customer is handed over all the same.
    for (const name of ['a\nb', 'a'.repeat(300), '', 7]) await handOver('2', { name });
    expect(site.auth.accounts.get('tiki:2')?.displayName).toBeUndefined();
    const proof = await handOver('2', { name: 'Nguyễn Văn An' });
    const response = await site.ask('/session/sign_in', { body: proof });

    expect(await response.json()).toMatchObject({ user: { uid: 'tiki:2', name: 'Nguyễn Văn An' } });
    expect(response.headers.get('set-cookie')).toMatch(/^__session=ey/);
    await isRefused(await trade(proof));
  });

  it('stores no code, and nothing of one that was traded', async () => {
    const proof = await handOver('1');
    const text = JSON.stringify(await stored());
    expect(text).toContain(hashOf(proof.code));
    expect(text).toContain(hashOf(proof.verifier));
    expect(text).not.toContain(proof.code);
    expect(text).not.toContain(proof.verifier);

    await trade(proof);
    expect(JSON.stringify(await stored())).not.toContain(hashOf(proof.code));
  });

  it('works once: of ten attempts at the same moment, and of later ones', async () => {
    const proof = await handOver('1');
    const attempts = await Promise.all([
      ...Array.from({ length: 5 }, () => trade(proof)),
      ...Array.from({ length: 5 }, () => site.ask('/session/sign_in', { body: proof })),
    ]);
    const statuses = attempts.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array<number>(9).fill(403)]);
    await isRefused(await trade(proof));
  });

  it('is not made by writing to the database, which open security rules allow to anyone', async () => {
    const proof = await handOver('666');
    const changed = await inDatabase(`/${hashOf(proof.code)}?updateMask.fieldPaths=uid`, {
      method: 'PATCH',
      body: JSON.stringify({ fields: { uid: { stringValue: 'tiki:1' } } }),
    });
    expect(changed.status).toBe(200);
    await isRefused(await trade(proof));

    const planted = { code: newSecret(), verifier: newSecret() };
    const copy = (await changed.json()) as { readonly fields: object };
    const challenge = { stringValue: hashOf(planted.verifier) };
    const written = await inDatabase(`?documentId=${hashOf(planted.code)}`, {
      method: 'POST',
      body: JSON.stringify({ fields: { ...copy.fields, challenge } }),
    });
    expect(written.status).toBe(200);
    await isRefused(await trade(planted));
  });

  it('works while the keys are changed', async () => {
    const proof = await handOver('1');
    const rotated = await site.sibling({ SESSION_KEYS: `${newSecret()}\n${site.key}` });
    const response = await rotated.ask('/session/trade', { body: proof });
    expect(response.status).toBe(200);
  });

  it('works from no other origin, not even another of ours', async () => {
    const proof = await handOver('1');
    await isRefused(await trade(proof, OTHER_ORIGIN));
    expect((await trade(proof, 'https://evil.example')).status).toBe(403);
    // Whoever tries in vain does not take it away from the page.
    expect((await trade(proof)).status).toBe(200);
  });

  it('works with no other verifier, such as the challenge that everybody saw', async () => {
    const proof = await handOver('1');
    await isRefused(await trade({ ...proof, verifier: newSecret() }));
    await isRefused(await trade({ ...proof, verifier: hashOf(proof.verifier) }));
    expect((await trade(proof)).status).toBe(200);
  });

  it("does not make a page another user: the attacker's code does not fit its verifier", async () => {
    const victim = await handOver('1');
    const attacker = await handOver('666');
    await isRefused(await trade({ code: attacker.code, verifier: victim.verifier }));
    // The user comes from the ID token, whatever the body says.
    const claimed = await handOver('666', { uid: 'tiki:1', tikiCustomerId: '1' });
    const response = await trade({ ...claimed, ...{ uid: 'tiki:1' } });
    expect(await response.json()).toMatchObject({ uid: 'tiki:666' });
  });

  it('gives no code for an origin that is not ours', async () => {
    for (const origin of ['https://evil.example', `${ORIGIN}.evil.example`, `${ORIGIN}:8443`]) {
      const response = await site.ask('/session/hand_over', {
        body: { challenge: hashOf(newSecret()), origin },
        headers: { Authorization: `Bearer ${site.auth.idToken('tiki:1')}` },
      });
      expect(response.status).toBe(403);
    }
  });

  it('gives no code for a session cookie, which foreign sites can make a browser send', async () => {
    const { cookie, csrfToken } = await site.signIn('1');
    const response = await site.ask('/session/hand_over', {
      body: { challenge: hashOf(newSecret()), origin: ORIGIN },
      headers: { Cookie: cookie, 'X-CSRF-Token': csrfToken },
    });
    expect(response.status).toBe(401);
  });

  it('logs whose it was, and neither code, verifier nor token', async () => {
    const proof = await handOver('1');
    const { customToken } = (await (await trade(proof)).json()) as { customToken: string };
    expect(site.logged()).toContain('"route":"session.trade"');
    expect(site.logged()).toContain('"uid":"tiki:1"');
    for (const secret of [proof.code, proof.verifier, customToken, site.key]) {
      expect(site.logged()).not.toContain(secret);
    }
  });

  // Last: the clock stays where it is.
  it('works for a minute', async () => {
    const [late, inTime] = await Promise.all([handOver('1'), handOver('1')]);
    moveClock(59_000);
    expect((await trade(inTime)).status).toBe(200);
    moveClock(2_000);
    await isRefused(await trade(late));
    await isRefused(await site.ask('/session/sign_in', { body: late }));
  });
});
