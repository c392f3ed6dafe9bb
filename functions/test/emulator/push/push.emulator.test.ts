import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { startFirestoreEngine } from '@tiki-bridge/testing/emulators/firestore';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { deleteApp, initializeApp, type App } from 'firebase-admin/app';
import { type Firestore, getFirestore } from 'firebase-admin/firestore';
import type { LogEntry } from 'firebase-functions/logger';
import { systemClock } from '../../../src/clock';
import { premiumUntilOf } from '../../../src/premium/entitlement';
import { DAY_MS, type Purchase } from '../../../src/premium/purchase';
import { createPremiumHandler } from '../../../src/push/assemble';
import { runPushDaily } from '../../../src/push/daily';
import { tagOf } from '../../../src/push/message';
import { createPush } from '../../../src/push/operate';
import { sendNotification } from '../../../src/push/send-notification';
import { createStore, type NotificationStore } from '../../../src/push/store';
import { type Sender, startSender } from '../../push/support/sender';
import { startSite } from '../../sessions/support/site';

const PROJECT = 'demo-push';
const START_MS = 300_000;

describeWithFirestore('notifications in Firestore', () => {
  let engine: { readonly host: string; stop(): Promise<void> };
  let app: App;
  let firestore: Firestore;
  let store: NotificationStore;
  let sender: Sender;
  let logged: LogEntry[];
  let uid: string;
  let customers = 100;

  beforeAll(async () => {
    const started = await startFirestoreEngine({ projectId: PROJECT });
    if (!('host' in started)) throw new Error(started.unavailable);
    engine = started;
    process.env['FIRESTORE_EMULATOR_HOST'] = engine.host;
    app = initializeApp({ projectId: PROJECT }, randomUUID());
    firestore = getFirestore(app);
    store = createStore(firestore);
  }, START_MS);
  afterAll(async () => {
    await deleteApp(app);
    await engine.stop();
    delete process.env['FIRESTORE_EMULATOR_HOST'];
  }, START_MS);
  beforeEach(async () => {
    sender = await startSender(PROJECT);
    logged = [];
    customers += 1;
    uid = `tiki:${customers}`;
  });
  afterEach(() => sender.close());

  const register = (index: number, changes: object = {}, owner = uid) =>
    firestore.doc(`users/${owner}/devices/${index}`).set({
      token: `token-${uid}-${index}`,
      platform: 'android',
      language: 'vi',
      updatedAt: new Date(),
      ...changes,
    });
  const write = (id: string, content: object = { title: 'Chào', body: 'Bạn' }) =>
    firestore.doc(`users/${uid}/notifications/${id}`).create(content);
  const stored = async (id: string) =>
    (await firestore.doc(`users/${uid}/notifications/${id}`).get()).data();
  const send = (id: string, through: NotificationStore = store) =>
    sendNotification(
      { uid, id },
      {
        store: through,
        messaging: sender.messaging,
        clock: { ...systemClock, sleep: () => Promise.resolve() },
        random: Math.random,
        log: (entry) => logged.push(entry),
        projectId: PROJECT,
      },
    );
  const tokensSentTo = () => sender.fcm.messages.map(({ token }) => token).sort();
  const token = (index: number) => `token-${uid}-${index}`;

  it('reaches every device, writes down what came of it, and a repeated event does nothing', async () => {
    await Promise.all([register(0), register(1, { platform: 'web' }), register(9)]);
    sender.fcm.setFault((message) => (message.token === token(9) ? 'UNREGISTERED' : null));
    await write('n');

    await send('n');

    expect(await stored('n')).toMatchObject({
      sentAt: expect.anything() as unknown,
      expiresAt: expect.anything() as unknown,
      successes: 2,
      failures: { 'registration-token-not-registered': 1 },
    });
    expect(tokensSentTo()).toEqual([token(0), token(1)]);
    // A token is no part of what an owner can read, nor of the log.
    expect(JSON.stringify([await stored('n'), logged])).not.toContain('token-tiki');
    const { docs } = await firestore.collection(`users/${uid}/devices`).get();
    expect(docs.map(({ id }) => id)).toEqual(['0', '1']);
    expect(await createPush(store).status({ uid, id: 'n' })).toMatchObject({
      state: 'finished',
      summary: { successes: 2 },
    });

    await Promise.all([send('n'), send('n')]);
    expect(tokensSentTo()).toEqual([token(0), token(1)]);
  });

  it('sends to the others only when it comes back, and with the same tag', async () => {
    await Promise.all([register(0), register(1)]);
    await write('n');
    sender.fcm.setFault((message) => (message.token === token(1) ? 'INTERNAL' : null));
    await expect(send('n')).rejects.toThrow();
    expect(await createPush(store).status({ uid, id: 'n' })).toEqual({
      state: 'waiting',
      answered: 1,
      left: 1,
    });
    sender.fcm.setFault(null);
    // The process dies after FCM has answered, and before that is stored.
    const dying = { ...store, record: () => Promise.reject(new Error('killed')) };
    await expect(send('n', dying)).rejects.toThrow();

    await send('n');

    expect(tokensSentTo()).toEqual([token(0), token(1), token(1)]);
    const tags = sender.fcm.messages.map(({ android }) => android?.notification?.tag);
    expect(new Set(tags)).toEqual(new Set([tagOf('n')]));
    expect(await stored('n')).toMatchObject({ successes: 2, failures: {} });
  });

  it('sends nothing to a device that somebody else registered since', async () => {
    await register(0);
    await register(1);
    const thief = `${uid}9`;
    await firestore.doc(`users/${thief}/devices/3`).set({
      ...{ token: token(0), platform: 'android', language: 'en', updatedAt: new Date() },
    });
    // Not a registration: only the ids 0 to 9 directly below a user are.
    await firestore.doc(`users/${thief}/things/t/devices/0`).set({ token: token(1) });
    await firestore.doc(`users/${thief}/devices/phone`).set({ token: token(1) });
    await write('n');

    await send('n');

    expect(tokensSentTo()).toEqual([token(1)]);
    expect((await firestore.doc(`users/${uid}/devices/0`).get()).exists).toBe(false);
    expect((await firestore.doc(`users/${thief}/devices/3`).get()).exists).toBe(true);
    // The owner is back on the phone: it registers again.
    await register(0);
    await write('m');
    await send('m');
    expect(tokensSentTo()).toEqual([token(0), token(1), token(1)]);
  });

  /** Signs the user out through the function `sessions`, before Firestore at `host`. */
  async function signOut(everywhere: boolean, host = engine.host) {
    // The Admin SDK reads it from the process.
    process.env['FIRESTORE_EMULATOR_HOST'] = host;
    const site = await startSite({ GCLOUD_PROJECT: PROJECT, FIRESTORE_EMULATOR_HOST: host });
    site.auth.accounts.set(uid, {});
    const iss = `https://securetoken.google.com/${PROJECT}`;
    const response = await site.ask('/session/sign_out', {
      body: { everywhere },
      headers: { Authorization: `Bearer ${site.auth.idToken(uid, { aud: PROJECT, iss })}` },
    });
    process.env['FIRESTORE_EMULATOR_HOST'] = engine.host;
    const text = await response.text();
    await site.close();
    return { status: response.status, text, site };
  }
  const devicesLeft = async () => (await firestore.collection(`users/${uid}/devices`).get()).size;

  it('reaches no lost phone after its user has signed out everywhere', async () => {
    const other = `${uid}9`;
    await Promise.all([register(0), register(9), register(0, { token: 'another' }, other)]);

    expect((await signOut(false)).status).toBe(204);
    expect(await devicesLeft()).toBe(2);
    expect((await signOut(true)).status).toBe(204);

    await write('n');
    await send('n');
    expect(tokensSentTo()).toEqual([]);
    expect(await devicesLeft()).toBe(0);
    expect((await firestore.doc(`users/${other}/devices/0`).get()).exists).toBe(true);
  });

  it('may still reach them if Firestore refuses, which is said, and how to fix it', async () => {
    const connections: ServerHttp2Session[] = [];
    const refusing = createServer().on('stream', (stream) => {
      const refusal = { 'grpc-status': '7', 'grpc-message': 'PERMISSION_DENIED' };
      const headers = { ':status': 200, 'content-type': 'application/grpc', ...refusal };
      stream.respond(headers, { endStream: true });
    });
    refusing.on('session', (session) => connections.push(session)).listen(0, '127.0.0.1');
    await once(refusing, 'listening');

    const { port } = refusing.address() as AddressInfo;
    const { status, text, site } = await signOut(true, `127.0.0.1:${port}`);
    for (const connection of connections) connection.destroy();
    refusing.close();

    expect([status, text]).toEqual([500, expect.stringContaining('"misconfigured"')]);
    expect(site.logged()).toContain('roles/datastore.user');
    // The sessions matter more, and do not wait for Firestore.
    expect(site.auth.accounts.get(uid)?.validSince).toBeGreaterThan(0);
  });

  it('skips what is malformed, or switched off by its user', async () => {
    await register(0);
    await firestore.doc(`users/${uid}/settings/push`).set({ 'premium-opened': false });
    await write('a', { title: 'no body' });
    await write('b', { kind: 'premium-opened', premiumUntil: 1, path: '/' });
    await write('c', { kind: 'premium-ended', premiumUntil: 1, path: '/' });

    for (const id of ['a', 'b', 'c', 'never-written']) await send(id);

    expect(await stored('a')).toMatchObject({ skipped: 'malformed', successes: 0 });
    expect(await stored('b')).toMatchObject({ skipped: 'switched-off', successes: 0 });
    expect(await stored('c')).toMatchObject({ successes: 1 });
    expect(tokensSentTo()).toEqual([token(0)]);
    expect(logged.find(({ severity }) => severity === 'ERROR')).toMatchObject({ id: 'a' });
  });

  it('tells the operator which command lets the function send', async () => {
    await register(0);
    await write('n');
    sender.fcm.setFault(() => 'permission-denied');
    await expect(send('n')).rejects.toThrow();
    expect(logged.at(-1)).toMatchObject({
      severity: 'ERROR',
      operator: {
        remedy: expect.stringContaining('roles/firebasecloudmessaging.admin') as unknown,
      },
    });
  });

  it('reminds once of each end of premium, and forgets devices after 270 days', async () => {
    const now = Date.UTC(2030, 0, 1);
    const entitle = (who: string, premiumUntil: number) =>
      firestore.doc(`entitlements/${who}`).set({ premiumUntil });
    await Promise.all([
      entitle(`${uid}1`, now + 2 * DAY_MS),
      entitle(`${uid}2`, now + DAY_MS / 2),
      entitle(`${uid}3`, now - DAY_MS),
      entitle(`${uid}4`, now + 30 * DAY_MS),
      entitle(`${uid}5`, now - 30 * DAY_MS),
      register(0, { updatedAt: new Date(now - 271 * DAY_MS) }),
      register(1, { updatedAt: new Date(now - 269 * DAY_MS) }),
      firestore.doc(`other/o/devices/0`).set({ updatedAt: new Date(0) }),
    ]);
    const run = () =>
      runPushDaily({ firestore, store, now: () => now, log: (entry) => logged.push(entry) });

    await run();
    await run();

    expect(logged).toMatchObject([{ reminded: 3 }, { reminded: 0, forgotten: 0 }]);
    for (const [who, kind] of [
      ['1', 'premium-ends-in-3-days'],
      ['2', 'premium-ends-in-1-day'],
      ['3', 'premium-ended'],
    ] as const) {
      const { docs } = await firestore.collection(`users/${uid}${who}/notifications`).get();
      expect(docs.map((document) => document.get('kind') as unknown)).toEqual([kind]);
    }
    const devices = await firestore.collection(`users/${uid}/devices`).get();
    expect(devices.docs.map(({ id }) => id)).toEqual(['1']);
    expect((await firestore.doc(`other/o/devices/0`).get()).exists).toBe(true);
  });

  it('tells of premium from the events of Firestore, once however often they come', async () => {
    const handle = createPremiumHandler({ GCLOUD_PROJECT: PROJECT });
    const at = Date.UTC(2026, 10, 26);
    const purchase: Purchase = { id: 'a', at, days: 30, status: 'active' };
    const end = premiumUntilOf([purchase]) ?? 0;
    const name = `projects/${PROJECT}/databases/(default)/documents/entitlements/${uid}`;
    const value = {
      name,
      createTime: '2026-11-26T00:00:00Z',
      updateTime: '2026-11-26T00:00:00Z',
      fields: {
        premiumUntil: { integerValue: String(end) },
        updatedAt: { integerValue: String(at) },
        version: { integerValue: '1' },
        projectedVersion: { integerValue: '0' },
        lease: { nullValue: null },
        purchases: {
          mapValue: {
            fields: {
              a: {
                mapValue: {
                  fields: {
                    at: { integerValue: String(at) },
                    days: { integerValue: '30' },
                    status: { stringValue: 'active' },
                  },
                },
              },
            },
          },
        },
      },
    };
    const event = {
      specversion: '1.0',
      id: '1',
      source: 'test',
      type: 'google.cloud.firestore.document.v1.written',
      time: '2026-11-26T00:00:00Z',
      datacontenttype: 'application/json',
      project: PROJECT,
      database: '(default)',
      document: `entitlements/${uid}`,
    };
    const deliver = async (data: object) => {
      // The type has the parsed event; the function takes the raw one, as the runtime delivers it.
      await handle({ ...event, data } as unknown as Parameters<typeof handle>[0]);
    };
    const told = async () => (await firestore.collection(`users/${uid}/notifications`).get()).docs;

    // Malformed, then corrected by the operator: the customer had premium before.
    const malformed = { ...value, fields: { ...value.fields, version: { stringValue: '1' } } };
    await deliver({ value: malformed, oldValue: {} });
    await deliver({ value, oldValue: malformed });
    expect(await told()).toEqual([]);

    const opened = { value, oldValue: {} };
    await Promise.all([deliver(opened), deliver(opened)]);
    await deliver(opened);

    const docs = await told();
    expect(docs.map((document) => document.data())).toEqual([
      { kind: 'premium-opened', premiumUntil: end, path: '/' },
    ]);
  });
});
