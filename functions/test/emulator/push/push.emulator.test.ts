import { once } from 'node:events';
import { createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { runs } from '@tiki-bridge/testing/deep';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { premiumUntilOf } from '../../../src/premium/entitlement';
import { DAY_MS, type Purchase } from '../../../src/premium/purchase';
import { createPremiumHandler } from '../../../src/push/assemble';
import { runPushDaily } from '../../../src/push/daily';
import { tagOf } from '../../../src/push/message';
import { createPush } from '../../../src/push/operate';
import { tokenOfAnother } from '../../attacks/push/token-of-another';
import { worstDevices } from '../../attacks/push/worst-devices';
import { startSite } from '../../sessions/support/site';
import { PROJECT, usePushWorld } from './world';

describeWithFirestore('notifications in Firestore', () => {
  const world = usePushWorld();
  const { register, write, send, stored, token, tokensSentTo, uid } = world;
  const inFirestore = (path: string) => world.firestore().doc(path);

  describe('a token of another', () => {
    tokenOfAnother(world);
  });
  describe('devices of clients', () => {
    worstDevices(world, runs(6, 20));
  });

  it('reaches every device, writes down what came of it, and a repeated event does nothing', async () => {
    await Promise.all([register(0), register(1, { platform: 'web' }), register(9)]);
    world.fcm().setFault((message) => (message.token === token(9) ? 'UNREGISTERED' : null));
    await write('n');

    await send('n');

    expect(await stored('n')).toMatchObject({
      sentAt: expect.anything() as unknown,
      pushExpiresAt: expect.anything() as unknown,
      successes: 2,
      failures: { 'registration-token-not-registered': 1 },
    });
    expect(tokensSentTo()).toEqual([token(0), token(1)]);
    // A token is no part of what an owner can read, nor of the log.
    expect(JSON.stringify([await stored('n'), world.logged()])).not.toContain('token-tiki');
    const { docs } = await world.firestore().collection(`users/${uid()}/devices`).get();
    expect(docs.map(({ id }) => id)).toEqual(['0', '1']);
    expect(await createPush(world.store()).status({ uid: uid(), id: 'n' })).toMatchObject({
      state: 'finished',
      summary: { successes: 2 },
    });

    await Promise.all([send('n'), send('n')]);
    expect(tokensSentTo()).toEqual([token(0), token(1)]);
  });

  it('sends to the others only when it comes back, and with the same tag', async () => {
    await Promise.all([register(0), register(1)]);
    await write('n');
    world.fcm().setFault((message) => (message.token === token(1) ? 'INTERNAL' : null));
    await expect(send('n')).rejects.toThrow();
    expect(await createPush(world.store()).status({ uid: uid(), id: 'n' })).toEqual({
      state: 'waiting',
      answered: 1,
      left: 1,
    });
    world.fcm().setFault(null);
    // The process dies after FCM has answered, and before that is stored.
    const dying = { ...world.store(), record: () => Promise.reject(new Error('killed')) };
    await expect(send('n', undefined, { through: dying })).rejects.toThrow();

    await send('n');

    expect(tokensSentTo()).toEqual([token(0), token(1), token(1)]);
    const tags = world.fcm().messages.map(({ android }) => android?.notification?.tag);
    expect(new Set(tags)).toEqual(new Set([tagOf('n')]));
    expect(await stored('n')).toMatchObject({ successes: 2, failures: {} });
  });

  it('sends nothing to a device that somebody else registered since', async () => {
    await register(0);
    await register(1);
    const thief = `${uid()}9`;
    await inFirestore(`users/${thief}/devices/3`).set({
      ...{ token: token(0), platform: 'android', language: 'en', updatedAt: new Date() },
    });
    // Not a registration: only the ids 0 to 9 directly below a user are.
    await inFirestore(`users/${thief}/things/t/devices/0`).set({ token: token(1) });
    await inFirestore(`users/${thief}/devices/phone`).set({ token: token(1) });
    await write('n');

    await send('n');

    expect(tokensSentTo()).toEqual([token(1)]);
    expect((await inFirestore(`users/${uid()}/devices/0`).get()).exists).toBe(false);
    expect((await inFirestore(`users/${thief}/devices/3`).get()).exists).toBe(true);
    // The owner is back on the phone: it registers again.
    await register(0);
    await write('m');
    await send('m');
    expect(tokensSentTo()).toEqual([token(0), token(1), token(1)]);
  });

  it('sends nothing to a device that has not registered for 270 days', async () => {
    await register(0);
    await write('n');

    await send('n', undefined, { now: () => Date.now() + 271 * DAY_MS });

    expect(tokensSentTo()).toEqual([]);
    expect((await inFirestore(`users/${uid()}/devices/0`).get()).exists).toBe(false);
  });

  it('stops for a device that changes hands between two attempts', async () => {
    await Promise.all([register(0), register(1)]);
    await write('n');
    world.fcm().setFault((message) => (message.token === token(0) ? 'INTERNAL' : null));
    await expect(send('n')).rejects.toThrow();
    await register(5, { token: token(0) }, `${uid()}9`);
    world.fcm().setFault(null);

    await send('n');

    expect(tokensSentTo()).toEqual([token(1)]);
    expect(await stored('n')).toMatchObject({ successes: 1, failures: {} });
  });

  it('is sent by an instance whose clock is wrong by most of an hour', async () => {
    await register(0);
    for (const [id, minutes] of Object.entries({ slow: -50, fast: 50, years: -1_000_000 })) {
      await write(id);
      await send(id, undefined, { now: () => Date.now() + minutes * 60_000 });
      expect(await stored(id)).toMatchObject({ successes: 1, failures: {} });
    }
  });

  it('reaches nobody for a user whose data was deleted, and ends', async () => {
    await register(0);
    await write('n');
    await write('gone');
    await world.firestore().recursiveDelete(inFirestore(`users/${uid()}`));
    await write('n');
    for (const id of ['n', 'gone']) await send(id);
    expect(await stored('n')).toMatchObject({ successes: 0, failures: {} });
    expect(tokensSentTo()).toEqual([]);
  });

  it('is not confused by what a server has written into fields of the bridge', async () => {
    await register(0);
    for (const [id, results] of Object.entries({
      a: { other: 1 },
      b: 'text',
      c: [null],
      d: null,
    })) {
      await write(id, { title: 'a', body: 'b', results });
      await send(id);
      await send(id);
      expect(await stored(id)).toMatchObject({ successes: 1, failures: {} });
    }
    expect(tokensSentTo()).toEqual(Array(4).fill(token(0)));
  });

  const emulatorHost = () => process.env['FIRESTORE_EMULATOR_HOST'] ?? '';
  /** Signs the user out through the function `sessions`, before Firestore at `host`. */
  async function signOut(everywhere: boolean, host = emulatorHost()) {
    const before = emulatorHost();
    // The Admin SDK reads it from the process.
    process.env['FIRESTORE_EMULATOR_HOST'] = host;
    const site = await startSite({ GCLOUD_PROJECT: PROJECT, FIRESTORE_EMULATOR_HOST: host });
    site.auth.accounts.set(uid(), {});
    const iss = `https://securetoken.google.com/${PROJECT}`;
    const response = await site.ask('/session/sign_out', {
      body: { everywhere },
      headers: { Authorization: `Bearer ${site.auth.idToken(uid(), { aud: PROJECT, iss })}` },
    });
    process.env['FIRESTORE_EMULATOR_HOST'] = before;
    const text = await response.text();
    await site.close();
    return { status: response.status, text, site };
  }
  const devicesLeft = async () =>
    (await world.firestore().collection(`users/${uid()}/devices`).get()).size;

  it('reaches no lost phone after its user has signed out everywhere', async () => {
    const other = `${uid()}9`;
    await Promise.all([register(0), register(9), register(0, { token: 'another' }, other)]);

    expect((await signOut(false)).status).toBe(204);
    expect(await devicesLeft()).toBe(2);
    expect((await signOut(true)).status).toBe(204);

    await write('n');
    await send('n');
    expect(tokensSentTo()).toEqual([]);
    expect(await devicesLeft()).toBe(0);
    expect((await inFirestore(`users/${other}/devices/0`).get()).exists).toBe(true);
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
    expect(site.auth.accounts.get(uid())?.validSince).toBeGreaterThan(0);
  });

  it('skips what is malformed, or switched off by its user', async () => {
    await register(0);
    await inFirestore(`users/${uid()}/settings/push`).set({ 'premium-opened': false });
    await write('a', { title: 'no body' });
    await write('b', { kind: 'premium-opened', premiumUntil: 1, path: '/' });
    await write('c', { kind: 'premium-ended', premiumUntil: 1, path: '/' });

    for (const id of ['a', 'b', 'c', 'never-written']) await send(id);

    expect(await stored('a')).toMatchObject({ skipped: 'malformed', successes: 0 });
    expect(await stored('b')).toMatchObject({ skipped: 'switched-off', successes: 0 });
    expect(await stored('c')).toMatchObject({ successes: 1 });
    expect(tokensSentTo()).toEqual([token(0)]);
    expect(world.logged().find(({ severity }) => severity === 'ERROR')).toMatchObject({ id: 'a' });
  });

  it('tells the operator which command lets the function send', async () => {
    await register(0);
    await write('n');
    world.fcm().setFault(() => 'permission-denied');
    await expect(send('n')).rejects.toThrow();
    expect(world.logged().at(-1)).toMatchObject({
      severity: 'ERROR',
      operator: {
        remedy: expect.stringContaining('roles/firebasecloudmessaging.admin') as unknown,
      },
    });
  });

  it('reminds once of each end of premium', async () => {
    const now = Date.UTC(2030, 0, 1);
    const entitle = (who: string, premiumUntil: number) =>
      inFirestore(`entitlements/${who}`).set({ premiumUntil });
    await Promise.all([
      entitle(`${uid()}1`, now + 2 * DAY_MS),
      entitle(`${uid()}2`, now + DAY_MS / 2),
      entitle(`${uid()}3`, now - DAY_MS),
      entitle(`${uid()}4`, now + 30 * DAY_MS),
      entitle(`${uid()}5`, now - 30 * DAY_MS),
    ]);
    const run = () =>
      runPushDaily({
        firestore: world.firestore(),
        store: world.store(),
        now: () => now,
        log: (entry) => world.logged().push(entry),
      });

    await run();
    await run();

    expect(world.logged()).toMatchObject([{ reminded: 3 }, { reminded: 0 }]);
    for (const [who, kind] of [
      ['1', 'premium-ends-in-3-days'],
      ['2', 'premium-ends-in-1-day'],
      ['3', 'premium-ended'],
    ] as const) {
      const { docs } = await world
        .firestore()
        .collection(`users/${uid()}${who}/notifications`)
        .get();
      expect(docs.map((document) => document.get('kind') as unknown)).toEqual([kind]);
    }
  });

  it('tells of premium from the events of Firestore, once however often they come', async () => {
    const handle = createPremiumHandler({ GCLOUD_PROJECT: PROJECT });
    const at = Date.UTC(2026, 10, 26);
    const purchase: Purchase = { id: 'a', at, days: 30, status: 'active' };
    const end = premiumUntilOf([purchase]) ?? 0;
    const name = `projects/${PROJECT}/databases/(default)/documents/entitlements/${uid()}`;
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
      document: `entitlements/${uid()}`,
    };
    const deliver = async (data: object) => {
      // The type has the parsed event; the function takes the raw one, as the runtime delivers it.
      await handle({ ...event, data } as unknown as Parameters<typeof handle>[0]);
    };
    const told = async () =>
      (await world.firestore().collection(`users/${uid()}/notifications`).get()).docs;

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
