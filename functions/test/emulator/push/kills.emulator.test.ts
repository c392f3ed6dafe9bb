import path from 'node:path';
import { randomUUID } from 'node:crypto';
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
  type DocumentEvent,
  type EventReceiver,
  registerTrigger,
  startEventReceiver,
} from './event-receiver';
import { deliveries, type Schedule, schedulesOf } from './schedule';
import { startWatchedWay, type WatchedWay } from './watched-way';

const FUNCTIONS = path.resolve(__dirname, '../../..');
const START_MS = 300_000;
const PROJECT = 'demo-push';
const KILLS = runs(2, 16);
/** Chooses what each process meets; `KILLS_SEED=<the seed in the test's name>` repeats a run. */
const SEED = Number(process.env['KILLS_SEED'] ?? 20_261_126);
const DEVICES = 2;
/** Of each schedule, for as many users. */
const NOTIFICATIONS = 3;

describeWithFirestore(`the deployed function, killed while it sends (KILLS_SEED=${SEED})`, () => {
  let receiver: EventReceiver;
  let engine: { readonly host: string; stop(): Promise<void> };
  let wayToFirestore: WatchedWay;
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
        FIRESTORE_EMULATOR_HOST: wayToFirestore.address,
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
    wayToFirestore = await startWatchedWay(engine.host);
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
    await Promise.all([google.close(), wayToFirestore.close(), receiver.close()]);
    await engine.stop();
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

  const deliver = (event: DocumentEvent) => deliverTo(running.origin, event).catch(() => false);

  /** Counts what the process exchanges with Firestore and FCM; `act` says whether it gets through. */
  function atEachStep(act: (step: number) => boolean): { readonly steps: () => number } {
    let steps = 0;
    const next = () => act((steps += 1));
    wayToFirestore.watch(next);
    google.fcm.setFault(() => (next() ? null : 'hang'));
    return { steps: () => steps };
  }
  const atNoStep = () => atEachStep(() => true);

  /** Kills the process at a step, and then starts another. */
  async function withDeath(step: number, isLastStepDone: boolean, work: () => Promise<unknown>) {
    const { pid } = running;
    const watched = atEachStep((current) => {
      if (current < step) return true;
      if (current > step) return false;
      process.kill(-pid, 'SIGKILL');
      return isLastStepDone;
    });
    await work();
    // All was lost or done before.
    if (watched.steps() < step) process.kill(-pid, 'SIGKILL');
    await running.stop();
    atNoStep();
    await start();
  }

  async function follow(schedule: Schedule, uids: readonly string[], stepsOfOne: number) {
    const events: DocumentEvent[] = [];
    for (const uid of uids) events.push(await write(uid));
    const { lose, together, untilAcknowledged } = deliveries(events, deliver);
    lose(schedule.lost);
    await withDeath(1 + (schedule.death % stepsOfOne), schedule.isLastStepDone, () =>
      together(schedule.first),
    );
    await together(schedule.second);
    expect(await untilAcknowledged(5)).toBe(0);

    for (const uid of uids) {
      expect(await summaryOf(uid)).toMatchObject({ successes: DEVICES, failures: {} });
      const sent = sentTo(uid);
      expect(new Set(sent.map(({ token }) => token)).size).toBe(DEVICES);
      const tags = sent.map(({ android }) => android?.notification?.tag);
      expect(new Set(tags)).toEqual(new Set([tagOf(`n-${uid}`)]));
    }
    // What comes even later has no effect.
    const before = google.fcm.messages.length;
    await together(events.map((_, index) => index));
    expect(google.fcm.messages).toHaveLength(before);
  }

  it('has shown each notification on each device, under one tag, whatever happened on the way', async () => {
    await deliver(await write('tiki:1'));
    // Of a process that has its connections.
    const counted = atNoStep();
    expect(await deliver(await write('tiki:2'))).toBe(true);
    expect(sentTo('tiki:2')).toHaveLength(DEVICES);

    const stepsOfOne = counted.steps();
    const options = { seed: SEED, numRuns: KILLS };
    for (const [index, each] of fc.sample(schedulesOf(NOTIFICATIONS), options).entries()) {
      const uids = Array.from(
        { length: NOTIFICATIONS },
        (_, user) => `tiki:${100 * (index + 1) + user}`,
      );
      await follow(each, uids, stepsOfOne);
    }
  });

  it('is delivered again after an answer of 500, and then reaches the others', async () => {
    const event = await write('tiki:3');
    google.fcm.setFault(({ token }) => (token === 'tiki:3-1' ? 'INTERNAL' : null));
    expect(await deliver(event)).toBe(false);
    expect(sentTo('tiki:3').map(({ token }) => token)).toEqual(['tiki:3-0']);
    atNoStep();
    expect(await deliver(event)).toBe(true);
    expect(sentTo('tiki:3').map(({ token }) => token)).toEqual(['tiki:3-0', 'tiki:3-1']);
  });
});
