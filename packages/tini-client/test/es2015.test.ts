import path from 'node:path';
import type * as FirestoreClient from '../src/firestore/index';
import type * as Client from '../src/index';
import type { Build } from '@tiki-bridge/testing/tini-runtime/build';
import { buildClient } from '@tiki-bridge/testing/tini-runtime/client-build';
import { AN, createScene, DOMAIN, failureOf } from '@tiki-bridge/testing/tini-runtime/setup';
import { json } from '@tiki-bridge/testing/tini-runtime/stand-in';
import { openWorld } from '@tiki-bridge/testing/tini-runtime/world';

let build: Build;
beforeAll(() => {
  build = buildClient();
});
afterAll(() => {
  build.remove();
});

/** Built-ins missing on ES2015 phones that a library might use. */
const ADDED_AFTER_2015 = [
  'Array.prototype.includes',
  'Array.prototype.flat',
  'Array.prototype.flatMap',
  'Array.prototype.at',
  'Object.entries',
  'Object.values',
  'Object.fromEntries',
  'Object.getOwnPropertyDescriptors',
  'Promise.allSettled',
  'Promise.any',
  'Promise.prototype.finally',
  'String.prototype.at',
  'String.prototype.matchAll',
  'String.prototype.padEnd',
  'String.prototype.padStart',
  'String.prototype.replaceAll',
  'String.prototype.trimEnd',
  'String.prototype.trimStart',
  'Symbol.asyncIterator',
];

/** The app with the ES2015 files, in a realm without newer built-ins. */
function openOld() {
  const { phone, server } = createScene(build);
  const world = openWorld(phone);
  // Some of them cannot be deleted.
  for (const name of ADDED_AFTER_2015) world.evaluate(`delete ${name}`);
  const load = (name: string) => world.run(path.join(build.folder, 'es2015', `${name}.js`));
  const { createTikiFirebase } = load('tiki-firebase') as typeof Client;
  const { firestore, ...types } = load('firestore') as typeof FirestoreClient;
  const firebase = createTikiFirebase({
    // The simulated my has all functions that the client uses.
    my: world.my as unknown as Client.My,
    baseUrl: DOMAIN,
    projectId: 'demo',
    firestore,
    ...phone.timers,
  });
  return { firebase, phone, server, world, types };
}

it('logs in, keeps the session and calls the API with ES2015 only', async () => {
  const { firebase, phone, world } = openOld();
  expect(world.evaluate('[typeof Object.entries, typeof [].includes].join()')).toBe(
    'undefined,undefined',
  );
  phone.authCodeAnswers.push({ fail: { error: '1' } });
  expect((await failureOf(firebase.signIn())).code).toBe('scope-not-granted');
  expect((await firebase.signIn()).customer).toEqual(AN);
  expect(await firebase.request({ url: '/api/me' })).toMatchObject({ status: 200 });
  await firebase.getIdToken({ forceRefresh: true });
  await firebase.signOut();
  expect(firebase.currentUser).toBeNull();
});

it('writes, reads and queries Firestore with ES2015 only', async () => {
  const { firebase, server, types } = openOld();
  await firebase.signIn();
  const store = firebase.firestore();
  const { GeoPoint, Int64 } = types;
  const data = {
    a: [1, { b: null }],
    at: new Date(0),
    big: new Int64('1'),
    geo: new GeoPoint(1, 2),
  };
  server.answers.push({ path: ':commit', answer: json(200, { writeResults: [{}] }) });
  await store.set('c/d', data);
  server.answers.push({ path: ':commit', answer: json(200, { writeResults: [{}] }) });
  await store.update('c/d', { 'a.b': data });
  const document = {
    name: 'projects/demo/databases/(default)/documents/c/d',
    fields: { a: { arrayValue: { values: [{ integerValue: '1' }] } } },
    createTime: '2026-01-02T03:04:05.678901Z',
    updateTime: '2026-01-02T03:04:05.678901Z',
  };
  server.answers.push({ path: ':runQuery', answer: json(200, [{ document }]) });
  const found = await store.query('c', { where: [['a', 'array-contains', 1]], orderBy: [['a']] });
  expect(found).toMatchObject([{ id: 'd', data: { a: [1] } }]);
  expect((await failureOf(store.get('c'))).code).toBe('invalid-argument');
});
