import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readRules } from '@tiki-bridge/rules-evaluator/ruleset';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { type RunningFunction, startFunction } from '@tiki-bridge/testing/google/framework';
import { startStorage, type StorageFake } from '@tiki-bridge/testing/google/storage';
import { BEHAVIOURS } from '@tiki-bridge/testing/tini-runtime/behaviour';
import type { Build } from '@tiki-bridge/testing/tini-runtime/build';
import {
  type AppOptions,
  buildClient,
  openApp,
} from '@tiki-bridge/testing/tini-runtime/client-build';
import {
  clientForTests,
  DOMAIN,
  failureOf,
  MINUTE_MS,
  phoneWithServer,
} from '@tiki-bridge/testing/tini-runtime/setup';
import { json, problem } from '@tiki-bridge/testing/tini-runtime/stand-in';
import { loopbackTransport } from '@tiki-bridge/testing/tini-runtime/transport';

const PROJECT = 'demo-tiki-bridge';
const BUCKET = `${PROJECT}.firebasestorage.app`;
const PHOTO = 'tini-file/tmp/photo.png';
const NAME = 'users/tiki:1001/ảnh.png';
const PICTURE = { type: 'image/*', bytes: Buffer.from('\u0000picture\r\n--') };

/** The real gateway, with a fake of Google's Storage that evaluates the project's storage.rules. */
describe('files through the real gateway', () => {
  let build: Build;
  let storage: StorageFake;
  let gateway: RunningFunction;
  beforeAll(async () => {
    build = buildClient();
    storage = await startStorage({
      projectId: PROJECT,
      buckets: [BUCKET, `${PROJECT}.appspot.com`],
      rules: readRules(readFileSync(path.join(PROJECT_ROOT, 'storage.rules'), 'utf8')),
    });
    gateway = await startFunction({
      source: path.join(PROJECT_ROOT, 'functions'),
      target: 'gateway',
      env: { GCLOUD_PROJECT: PROJECT, FIREBASE_STORAGE_EMULATOR_HOST: storage.host },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await storage.close();
    build.remove();
  });

  async function loggedIn(options?: AppOptions) {
    const { phone, server } = phoneWithServer(Date.now);
    const iss = `https://securetoken.google.com/${PROJECT}`;
    server.claims = { iss, aud: PROJECT, provider: 'tiki' };
    const toGateway = loopbackTransport(DOMAIN, gateway.origin);
    const app = openApp(
      build,
      {
        ...phone,
        transport: (request) =>
          request.url.startsWith(`${DOMAIN}/storage/`)
            ? toGateway(request)
            : server.transport(request),
      },
      options,
    );
    await app.firebase.signIn();
    phone.files.set(PHOTO, PICTURE);
    return { phone, server, files: app.firebase.storage() };
  }

  it('are uploaded, and opened by their address', async () => {
    const { files } = await loggedIn();
    const file = await files.upload(NAME, PHOTO, { cacheControl: 'public, max-age=60' });

    expect(file).toMatchObject({
      path: NAME,
      contentType: 'image/png',
      size: PICTURE.bytes.length,
    });
    expect(storage.files.get(`${BUCKET}/${NAME}`)).toMatchObject({
      bytes: PICTURE.bytes,
      cacheControl: 'public,max-age=60',
    });
    expect(await files.downloadUrl(NAME)).toBe(file.downloadUrl);
    const { host, pathname, search } = new URL(file.downloadUrl);
    expect(host).toBe('firebasestorage.googleapis.com');
    const opened = await fetch(`http://${storage.host}${pathname}${search}`);
    expect(Buffer.from(await opened.arrayBuffer())).toEqual(PICTURE.bytes);
  });

  it('are stored in the configured bucket', async () => {
    const { files } = await loggedIn({ storageBucket: `${PROJECT}.appspot.com` });
    await files.upload('users/tiki:1001/b.png', PHOTO);
    expect(storage.files.has(`${PROJECT}.appspot.com/users/tiki:1001/b.png`)).toBe(true);
  });

  it.each([
    ['a foreign folder', 'users/tiki:1002/a.png', {}, 'permission-denied'],
    ['a sound, which the rules refuse', 'users/tiki:1001/a.mp3', {}, 'permission-denied'],
    ['a page', 'users/tiki:1001/a.png', { contentType: 'text/html' }, 'unsupported-media-type'],
  ])('are refused with the code: %s', async (_, name, metadata, code) => {
    const { files } = await loggedIn();
    expect((await failureOf(files.upload(name, PHOTO, metadata))).code).toBe(code);
  });

  it('are refused beyond 10 MiB', async () => {
    const { files, phone } = await loggedIn();
    phone.files.set(PHOTO, { ...PICTURE, bytes: Buffer.alloc(10 * 1024 * 1024 + 1) });
    expect((await failureOf(files.upload(NAME, PHOTO))).code).toBe('payload-too-large');
  });

  it('that are not there, or another bucket, are not found', async () => {
    const { files } = await loggedIn();
    expect((await failureOf(files.downloadUrl('users/tiki:1001/none.png'))).code).toBe('not-found');
    const other = await loggedIn({ storageBucket: 'other' });
    expect((await failureOf(other.files.upload(NAME, PHOTO))).code).toBe('not-found');
  });
});

const { scene } = clientForTests();

/** An's app, logged in, with a picture. */
async function withPicture(behaviour = BEHAVIOURS['as documented']) {
  const opened = scene();
  const { open, phone } = opened;
  if (behaviour) phone.behaviour = behaviour;
  phone.files.set(PHOTO, PICTURE);
  const { firebase, my } = open();
  await firebase.signIn();
  phone.requests.length = 0;
  return { ...opened, my, files: firebase.storage() };
}

const METADATA = {
  bucket: BUCKET,
  name: NAME,
  size: '9',
  contentType: 'image/png',
  downloadTokens: 'token-1,token-2',
};
const GOOGLE = 'https://firebasestorage.googleapis.com/v0/b';

it.each(Object.entries(BEHAVIOURS))('uploads where my answers with %s', async (_, behaviour) => {
  const { files, server } = await withPicture(behaviour);
  server.answers.push({ path: '/storage/', answer: json(200, METADATA) });
  expect(await files.upload(NAME, PHOTO)).toEqual({
    path: NAME,
    size: 9,
    contentType: 'image/png',
    downloadUrl: `${GOOGLE}/${BUCKET}/o/users%2Ftiki%3A1001%2F%E1%BA%A3nh.png?alt=media&token=token-1`,
  });
});

it.each([
  ['HTML', { status: 200, headers: {}, body: '<html></html>' }],
  ['nothing', { status: 200, headers: {}, body: '' }],
  ['JSON of another server', json(200, { ok: true })],
  ['a list', json(200, [METADATA])],
  ['204', { status: 204, headers: {}, body: '' }],
  ['a redirect', json(302, METADATA)],
  ['null', json(200, null)],
  ['another file', json(200, { ...METADATA, name: 'users/tiki:1001/other.png' })],
  ['another bucket', json(200, { ...METADATA, bucket: 'other' })],
  ['a file without a size', json(200, { ...METADATA, size: undefined })],
])('does not say that a file was stored when the answer is %s', async (_, answer) => {
  const { files, server } = await withPicture();
  server.answers.push({ path: '/storage/', answer }, { path: '/storage/', answer });
  expect((await failureOf(files.upload(NAME, PHOTO))).code).toBe('bad-response');
  expect((await failureOf(files.downloadUrl(NAME))).code).toBe('bad-response');
});

it('uploads again with a new token after a 401, and once only', async () => {
  const { files, server, phone } = await withPicture();
  server.answers.push(
    { path: '/storage/', answer: problem(401, 'unauthenticated') },
    { path: '/storage/', answer: json(200, METADATA) },
  );
  await files.upload(NAME, PHOTO);
  const urls = phone.requests.map(({ url }) => url.slice(DOMAIN.length).replace(/\?.*/, ''));
  const upload = `/storage/v0/b/${BUCKET}/o/users/tiki:1001/%E1%BA%A3nh.png`;
  expect(urls).toEqual([upload, '/securetoken/v1/token', upload]);
});

it.each([
  ['the connection is lost', 'lost', 'network'],
  ['the answer is lost', 'answer lost', 'network'],
  ['my never calls back', 'hang', 'timeout'],
] as const)('does not upload again by itself when %s', async (_, what, code) => {
  const { files, phone, time } = await withPicture();
  phone.networkFaults.push({ path: '/storage/', what });
  const failure = failureOf(files.upload(NAME, PHOTO));
  await time.advance(2 * MINUTE_MS);
  expect((await failure).code).toBe(code);
  expect(phone.requests).toHaveLength(1);
});

it.each([429, 500, 503])('asks for an address again after %i', async (status) => {
  const { files, phone, server, time } = await withPicture();
  const busy = json(status, { error: { code: status, message: 'busy' } });
  server.answers.push(
    { path: '/storage/', answer: busy },
    { path: '/storage/', answer: busy },
    { path: '/storage/', answer: json(200, METADATA) },
  );
  const address = files.downloadUrl(NAME);
  await time.advance(2_000);
  expect(await address).toContain('token=token-1');
  expect(phone.requests).toHaveLength(3);
});

it('does not ask again for an address that is refused', async () => {
  const { files, phone, server } = await withPicture();
  const refused = json(403, { error: { code: 403, message: 'Permission denied.' } });
  server.answers.push({ path: '/storage/', answer: refused });
  expect((await failureOf(files.downloadUrl(NAME))).code).toBe('permission-denied');
  expect(phone.requests).toHaveLength(1);
});

it.each([
  ['', PHOTO],
  ['/a.png', PHOTO],
  ['users//a.png', PHOTO],
  ['users/../a.png', PHOTO],
  ['users/tiki:1001/a', 'tini-file/tmp/unknown'],
])('sends nothing for the path %j of %s', async (name, file) => {
  const { files, phone } = await withPicture();
  expect((await failureOf(files.upload(name, file))).code).toBe('invalid-argument');
  expect(phone.requests).toEqual([]);
});

it('sends nothing without a file or a path', async () => {
  const { files, phone } = await withPicture();
  const nothing = undefined as never;
  for (const call of [
    files.upload(nothing, PHOTO),
    files.upload('users/tiki:1001/a.png', nothing),
    files.downloadUrl(nothing),
  ]) {
    expect((await failureOf(call)).code).toBe('invalid-argument');
  }
  expect(phone.requests).toEqual([]);
});

it.each([429, 500, 503])('asks for an address again after %d', async (status) => {
  const { files, server, phone, time } = await withPicture();
  server.answers.push(
    { path: '/storage/', answer: json(status, {}) },
    { path: '/storage/', answer: json(200, METADATA) },
  );
  const url = files.downloadUrl(NAME);
  await time.advance(5_000);
  expect(await url).toContain('token-1');
  expect(phone.requests).toHaveLength(2);
});

it('says so where the runtime has no my.uploadFile', async () => {
  const { files, my } = await withPicture();
  // The world's own object, which the client reads at each upload.
  delete (my as { uploadFile?: unknown }).uploadFile;
  expect(await failureOf(files.upload(NAME, PHOTO))).toMatchObject({
    code: 'failed-precondition',
    extras: { detail: 'my.uploadFile' },
  });
});
