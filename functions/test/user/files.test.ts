import { applicationDefault, type App, deleteApp, initializeApp } from 'firebase-admin/app';
import { getStorage } from 'firebase-admin/storage';
import { type UserFiles, userFiles } from '../../src/user/files';
import { type CloudStorage, startCloudStorage } from './support/cloud-storage';

/*
 * Google's own client against a strict fake, over real sockets: the Storage emulator wants Java and a
 * download.
 */

const BUCKET = 'shop.firebasestorage.app';
/** More than a page of Google's has. */
const MANY = 2_345;

/** Of other users, and of nobody. */
const FOREIGN = [
  'users/tiki:12/a',
  'users/tiki:1',
  'users/tiki:1.txt',
  'users/tik',
  'a/users/tiki:1/a',
];

describe('the files of a user', () => {
  let google: CloudStorage;
  let app: App;
  let files: UserFiles;
  const before = process.env['STORAGE_EMULATOR_HOST'];
  beforeEach(async () => {
    google = await startCloudStorage([BUCKET, 'photos']);
    process.env['STORAGE_EMULATOR_HOST'] = `http://${google.address}/storage/v1`;
    app = initializeApp({ credential: applicationDefault(), projectId: 'shop' }, google.address);
    files = userFiles(getStorage(app), [BUCKET, 'not-there', 'photos']);
    for (const name of FOREIGN) google.put(BUCKET, name);
  });
  afterEach(async () => {
    if (before === undefined) delete process.env['STORAGE_EMULATOR_HOST'];
    else process.env['STORAGE_EMULATOR_HOST'] = before;
    await Promise.all([deleteApp(app), google.close()]);
  });

  const deletions = () => google.calls.filter(({ method }) => method === 'DELETE');

  it('are listed, from all pages and all buckets that exist', async () => {
    for (let index = 0; index < MANY; index += 1) google.put(BUCKET, `users/tiki:1/${index}`);
    google.put('photos', 'users/tiki:1/deep/down/ảnh #1?.jpg');
    google.put('photos', 'users/tiki:1/replaced', false);
    const found = await files.list('tiki:1');

    expect(new Set(found.map(({ url }) => url)).size).toBe(MANY + 1);
    expect(found.at(-1)).toEqual({
      url: 'gs://photos/users/tiki:1/deep/down/ảnh #1?.jpg',
      bytes: 7,
      contentType: 'text/plain',
      updatedAt: '2026-11-27T00:00:00.000Z',
    });
    expect(google.calls.filter(({ path }) => path.includes(BUCKET))).toHaveLength(3);
  });

  it('are deleted, from all pages, and no others', async () => {
    for (let index = 0; index < MANY; index += 1) google.put(BUCKET, `users/tiki:1/${index}`);
    google.put('photos', 'users/tiki:1/deep/down/ảnh #1?.jpg');
    await files.remove('tiki:1');

    expect(google.names(BUCKET)).toEqual(FOREIGN);
    expect(google.names('photos')).toEqual([]);
    expect(deletions().map(({ outcome }) => outcome)).toEqual(Array(MANY + 1).fill(204));
  });

  it('are deleted with their earlier versions', async () => {
    google.put('photos', 'users/tiki:1/a', false);
    google.put('photos', 'users/tiki:1/a');
    await files.remove('tiki:1');

    expect(google.names('photos')).toEqual([]);
  });

  it('that are there after a failure half-way are deleted by the repetition', async () => {
    for (let index = 0; index < 100; index += 1) google.put(BUCKET, `users/tiki:1/${index}`);
    google.put('photos', 'users/tiki:1/a');
    google.setFault(({ method }) =>
      method === 'DELETE' && deletions().length >= 40 ? 'denied' : null,
    );
    await expect(files.remove('tiki:1')).rejects.toThrow('access denied');
    expect(google.names(BUCKET)).toHaveLength(FOREIGN.length + 60);
    expect(google.names('photos')).toHaveLength(1);

    google.setFault(null);
    await files.remove('tiki:1');
    await files.remove('tiki:1');
    expect(google.names(BUCKET)).toEqual(FOREIGN);
    expect(google.names('photos')).toEqual([]);
  });

  it('are all deleted, also where somebody else deletes some of them', async () => {
    for (let index = 0; index < 100; index += 1) google.put(BUCKET, `users/tiki:1/${index}`);
    await Promise.all([files.remove('tiki:1'), files.remove('tiki:1')]);

    expect(google.names(BUCKET)).toEqual(FOREIGN);
    expect(deletions().map(({ outcome }) => outcome)).toContain(404);
  });
});
