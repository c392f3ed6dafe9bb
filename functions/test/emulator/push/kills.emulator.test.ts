import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { runs } from '@tiki-bridge/testing/deep';
import { startFirestoreEngine } from '@tiki-bridge/testing/emulators/firestore';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { type RunningFunction, startFunction } from '@tiki-bridge/testing/google/framework';
import { type GoogleFakes, startGoogleFakes } from '@tiki-bridge/testing/google/google-fakes';
import fc from 'fast-check';
import { type App, deleteApp, initializeApp } from 'firebase-admin/app';
import { type Firestore, getFirestore } from 'firebase-admin/firestore';
import { tagOf } from '../../../src/push/message';
import {
  deliverTo,
  type EventReceiver,
  registerTrigger,
  startEventReceiver,
} from './event-receiver';

const FUNCTIONS = path.resolve(__dirname, '../../..');
const START_MS = 300_000;
const PROJECT = 'demo-push';
const KILLS = runs(1, 30);
/** Chooses when each process is killed; `KILLS_SEED=<the seed in the test's name>` repeats a run. */
const SEED = Number(process.env['KILLS_SEED'] ?? 20_261_126);
const DEVICES = 3;

describeWithFirestore(`the deployed function, killed while it sends (KILLS_SEED=${SEED})`, () => {
  let receiver: EventReceiver;
  let engine: { readonly host: string; stop(): Promise<void> };
  let google: GoogleFakes;
  let running: RunningFunction;
  let app: App;
  let firestore: Firestore;

  const start = async () => {
    running = await startFunction({
      source: FUNCTIONS,
      target: 'pushNotification',
      mapHosts: google.mapHosts,
      preload: [require.resolve('@tiki-bridge/testing/google/correct-http2-scheme.cjs')],
      env: {
        ...google.env,
        FUNCTION_SIGNATURE_TYPE: 'cloudevent',
        FIRESTORE_EMULATOR_HOST: engine.host,
      },
    });
  };

  beforeAll(async () => {
    receiver = await startEventReceiver();
    const started = await startFirestoreEngine({
      projectId: PROJECT,
      functionsEmulator: receiver.address,
    });
    if (!('host' in started)) throw new Error(started.unavailable);
    engine = started;
    await registerTrigger(engine.host, PROJECT, {
      name: 'pushNotification',
      eventType: 'google.cloud.firestore.document.v1.created',
      document: 'users/{uid}/notifications/{id}',
    });
    google = await startGoogleFakes({ projectId: PROJECT });
    await start();
    process.env['FIRESTORE_EMULATOR_HOST'] = engine.host;
    app = initializeApp({ projectId: PROJECT }, randomUUID());
    firestore = getFirestore(app);
  }, START_MS);
  afterAll(async () => {
    delete process.env['FIRESTORE_EMULATOR_HOST'];
    await running.stop();
    await deleteApp(app);
    await Promise.all([google.close(), engine.stop(), receiver.close()]);
  }, START_MS);

  /** Writes a notification for a new user. @returns its event, from Firestore */
  async function write(uid: string) {
    for (let index = 0; index < DEVICES; index += 1) {
      await firestore.doc(`users/${uid}/devices/${index}`).set({
        ...{ token: `${uid}-${index}`, platform: 'android', language: 'vi', updatedAt: new Date() },
      });
    }
    await firestore.doc(`users/${uid}/notifications/n-${uid}`).create({ title: 'a', body: 'b' });
    return receiver.eventOf(`users/${uid}/notifications/n-${uid}`);
  }
  const summaryOf = async (uid: string) =>
    (await firestore.doc(`users/${uid}/notifications/n-${uid}`).get()).data();
  const sentTo = (uid: string) =>
    google.fcm.messages.filter(({ token }) => token.startsWith(`${uid}-`));

  it('has shown each notification on each device once, whatever was killed and repeated', async () => {
    const first = await write('tiki:1');
    expect(await deliverTo(running.origin, first)).toBe(true);
    expect(await summaryOf('tiki:1')).toMatchObject({ successes: DEVICES, failures: {} });
    expect(sentTo('tiki:1')).toHaveLength(DEVICES);
    const second = await write('tiki:2');
    const begin = performance.now();
    expect(await deliverTo(running.origin, second)).toBe(true);
    const duration = performance.now() - begin;

    const jitter = fc.sample(fc.noBias(fc.nat(999)), { seed: SEED, numRuns: KILLS });
    for (const [index, part] of jitter.entries()) {
      const uid = `tiki:${100 + index}`;
      const event = await write(uid);
      const interrupted = deliverTo(running.origin, event).catch(() => false);
      await delay((duration * (index + part / 1_000)) / KILLS);
      process.kill(-running.pid, 'SIGKILL');
      await interrupted;
      await running.stop();
      await start();
      // Delivered again, as after every answer that is not 2xx; and twice at once.
      const again = await Promise.all([1, 2].map(() => deliverTo(running.origin, event)));
      expect(again).toEqual([true, true]);

      expect(await summaryOf(uid)).toMatchObject({ successes: DEVICES, failures: {} });
      const sent = sentTo(uid);
      expect(new Set(sent.map(({ token }) => token)).size).toBe(DEVICES);
      const tags = sent.map(({ android }) => android?.notification?.tag);
      expect(new Set(tags)).toEqual(new Set([tagOf(`n-${uid}`)]));
    }
    // A late repetition of an event sends nothing.
    expect(await deliverTo(running.origin, first)).toBe(true);
    expect(sentTo('tiki:1')).toHaveLength(DEVICES);
  });
});
