import { readFileSync } from 'node:fs';
import path from 'node:path';
import { deleteApp, initializeApp } from 'firebase/app';
import {
  connectStorageEmulator,
  getBytes,
  getDownloadURL,
  getMetadata,
  getStorage,
  ref,
  uploadBytes,
} from 'firebase/storage';
import { readRules } from '@tiki-bridge/rules-evaluator/ruleset';
import { PROJECT_ROOT } from '../emulators/project-files';
import { startStorage, type StorageFake } from './storage';

const PROJECT = 'demo-tiki-bridge';
const BUCKET = `${PROJECT}.firebasestorage.app`;
const RULES = readRules(readFileSync(path.join(PROJECT_ROOT, 'storage.rules'), 'utf8'));
const PICTURE = Buffer.from('\r\n--not a boundary\r\n\u0000picture');

describe('the fake of Cloud Storage for Firebase', () => {
  let storage: StorageFake;
  beforeEach(async () => {
    storage = await startStorage({ projectId: PROJECT, buckets: [BUCKET], rules: RULES });
  });
  afterEach(() => storage.close());

  /** Runs with Firebase's own SDK, as a user. */
  async function withSdk<T>(uid: string, run: (of: ReturnType<typeof getStorage>) => Promise<T>) {
    const app = initializeApp({ projectId: PROJECT, storageBucket: BUCKET }, uid);
    const client = getStorage(app);
    const [host = '', port] = storage.host.split(':');
    connectStorageEmulator(client, host, Number(port), {
      // Custom claims are not in the type.
      mockUserToken: { sub: uid, provider: 'tiki', iat: Math.floor(Date.now() / 1000) } as never,
    });
    try {
      return await run(client);
    } finally {
      await deleteApp(app);
    }
  }

  it("takes an upload of Firebase's SDK, and gives it back by its download URL", async () => {
    await withSdk('tiki:7', async (client) => {
      const file = ref(client, 'users/tiki:7/ảnh 1.png');
      const metadata = { contentType: 'image/png', cacheControl: 'public, max-age=60' };
      await uploadBytes(file, PICTURE, metadata);

      expect(await getMetadata(file)).toMatchObject({ size: PICTURE.length, ...metadata });
      expect(Buffer.from(await getBytes(file))).toEqual(PICTURE);
      const answer = await fetch(await getDownloadURL(file));
      expect(answer.headers.get('content-type')).toBe('image/png');
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(PICTURE);
    });
    expect([...storage.files.keys()]).toEqual([`${BUCKET}/users/tiki:7/ảnh 1.png`]);
  });

  it.each([
    ['tiki:8', 'users/tiki:7/a.png', 'image/png'],
    ['tiki:7', 'users/tiki:7/a.html', 'text/html'],
    ['tiki:7', 'elsewhere/a.png', 'image/png'],
  ])('lets the rules decide: %s writes %s as %s', async (uid, name, contentType) => {
    await withSdk(uid, async (client) => {
      await expect(uploadBytes(ref(client, name), PICTURE, { contentType })).rejects.toMatchObject({
        code: 'storage/unauthorized',
        status: 403,
      });
    });
    expect(storage.files.size).toBe(0);
  });

  it('lets the rules decide who reads, and says what is not there', async () => {
    await withSdk('tiki:7', async (client) => {
      await uploadBytes(ref(client, 'users/tiki:7/a.png'), PICTURE, { contentType: 'image/png' });
      await expect(getDownloadURL(ref(client, 'users/tiki:7/b.png'))).rejects.toMatchObject({
        code: 'storage/object-not-found',
      });
    });
    await withSdk('tiki:8', async (client) => {
      await expect(getDownloadURL(ref(client, 'users/tiki:7/a.png'))).rejects.toMatchObject({
        code: 'storage/unauthorized',
      });
    });
  });

  const token = (claims: object) =>
    `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
  const ID_TOKEN = token({
    iss: `https://securetoken.google.com/${PROJECT}`,
    aud: PROJECT,
    sub: 'tiki:7',
    provider: 'tiki',
  });
  const NAME = 'users/tiki:7/a.png';
  const related = (metadata: object) =>
    '--b\r\nContent-Type: application/json; charset=utf-8\r\n\r\n' +
    `${JSON.stringify(metadata)}\r\n--b\r\nContent-Type: image/png\r\n\r\npicture\r\n--b--`;
  const CORRECT = related({ name: NAME, contentType: 'image/png' });

  const NAME_QUERY = `name=${encodeURIComponent(NAME)}`;

  async function post(
    body: string,
    headers: Record<string, string> = {},
    query = NAME_QUERY,
  ): Promise<number> {
    const answer = await fetch(`http://${storage.host}/v0/b/${BUCKET}/o?${query}`, {
      method: 'POST',
      body,
      headers: {
        Authorization: `Firebase ${ID_TOKEN}`,
        'Content-Type': 'multipart/related; boundary=b',
        'X-Goog-Upload-Protocol': 'multipart',
        ...headers,
      },
    });
    return answer.status;
  }

  it('takes the same request by hand', async () => {
    expect(await post(CORRECT)).toBe(200);
  });

  it.each<[string, string, Record<string, string>?, string?]>([
    ['without its end', CORRECT.slice(0, -1)],
    ['with more after its end', `${CORRECT}\r\n`],
    ['with a third part', CORRECT.replace(/--$/, '\r\n\r\nmore\r\n--b--')],
    ['with another name in the metadata', related({ name: 'x', contentType: 'image/png' })],
    ['with another type in the metadata', related({ name: NAME, contentType: 'image/gif' })],
    [
      'with a field that is not to be set',
      related({ name: NAME, contentType: 'image/png', acl: 1 }),
    ],
    ['as a form', CORRECT, { 'Content-Type': 'multipart/form-data; boundary=b' }],
    ['by another protocol', CORRECT, { 'X-Goog-Upload-Protocol': 'resumable' }],
    ['with an unknown header', CORRECT, { 'X-HTTP-Method-Override': 'PUT' }],
    ['with an unknown parameter', CORRECT, {}, `name=${NAME}&uploadType=media`],
  ])('refuses an upload %s', async (_, body, headers = {}, query = NAME_QUERY) => {
    expect(await post(body, headers, query)).toBe(400);
    expect(storage.files.size).toBe(0);
  });

  it.each([
    ['Bearer', ID_TOKEN],
    ['Firebase', token({ iss: 'https://accounts.google.com', aud: PROJECT, sub: 'tiki:7' })],
    ['Firebase', 'owner'],
  ])('refuses the credential %s %s', async (scheme, credential) => {
    expect(await post(CORRECT, { Authorization: `${scheme} ${credential}` })).toBe(401);
  });
});
