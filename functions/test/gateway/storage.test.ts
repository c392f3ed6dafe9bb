import { problemOf } from './support/gateway';
import {
  BUCKET,
  FILE,
  formOf,
  MAX_FILE_BYTES,
  startStorageGateway,
  STRANGER,
  USER,
  USER_TOKEN,
  type StorageGateway,
} from './support/storage';

const NAME = 'users/tiki:7/photo.png';
const PICTURE = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256));

describe('files of Cloud Storage', () => {
  let started: StorageGateway;
  beforeEach(async () => {
    started = await startStorageGateway();
  });
  afterEach(() => started.close());

  const stored = (name = NAME) => started.storage.files.get(`${BUCKET}/${name}`);
  const metadata = (path = FILE, headers: Record<string, string> = USER) =>
    started.gateway.fetch(path, { headers });

  it('are uploaded unchanged, and answered with the metadata that Google gives', async () => {
    const answer = await started.upload(formOf({ body: PICTURE }));

    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      name: NAME,
      bucket: BUCKET,
      size: String(PICTURE.length),
      contentType: 'image/png',
      downloadTokens: stored()?.downloadToken,
    });
    expect(stored()?.bytes.equals(PICTURE)).toBe(true);
  });

  it('are opened by the address and token in the metadata, at Google', async () => {
    await started.upload(formOf({ body: PICTURE }));
    const { name, downloadTokens } = (await (await metadata()).json()) as Record<string, string>;
    const url = `http://${started.storage.host}/v0/b/${BUCKET}/o/${encodeURIComponent(name ?? '')}`;
    const file = await fetch(`${url}?alt=media&token=${downloadTokens ?? ''}`);

    expect(file.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await file.arrayBuffer()).equals(PICTURE)).toBe(true);
  });

  it.each([0, 1, 65_536, MAX_FILE_BYTES])('may have %d bytes', async (size) => {
    const answer = await started.upload(formOf({ body: Buffer.alloc(size, 'é') }));

    expect(answer.status).toBe(200);
    expect(stored()?.bytes.equals(Buffer.alloc(size, 'é'))).toBe(true);
  });

  it('are replaced by a second upload', async () => {
    await started.upload(formOf({ body: 'first' }));
    expect((await started.upload(formOf({ body: 'second' }))).status).toBe(200);
    expect(stored()?.bytes.toString()).toBe('second');
  });

  it('have the type and the cache time that the address says', async () => {
    const path = `${FILE}?contentType=image/jpeg&cacheControl=public,max-age=3600`;
    const head = 'Content-Disposition: form-data; name="f"; filename="x"\r\nContent-Type: a/b';
    expect((await started.upload(formOf({ head, body: 'x' }), { path })).status).toBe(200);
    expect(stored()).toMatchObject({
      contentType: 'image/jpeg',
      cacheControl: 'public,max-age=3600',
    });
  });

  it('may come with other fields, before and after, which are ignored', async () => {
    const field = { head: 'Content-Disposition: form-data; name="note"', body: 'chào' };
    expect((await started.upload(formOf(field, { body: 'x' }, field))).status).toBe(200);
    expect(stored()?.bytes.toString()).toBe('x');
  });

  it.each([
    ['users/tiki:7/a.png', 'users/tiki:7/a.png'],
    ['users/tiki%3A7/a.png', 'users/tiki:7/a.png'],
    ['users%2Ftiki%3A7%2Fa.png', 'users/tiki:7/a.png'],
    ['users/tiki:7/%E1%BA%A3nh%20c%C6%B0%E1%BB%9Bi.png', 'users/tiki:7/ảnh cưới.png'],
    ['users/tiki:7/100%25.png', 'users/tiki:7/100%.png'],
    ['users/tiki:7/a%252Fb.png', 'users/tiki:7/a%2Fb.png'],
    ['users/tiki:7/a+b&c=d;e.png', 'users/tiki:7/a+b&c=d;e.png'],
    ['users/tiki:7/%23%3F%5B%5D.png', 'users/tiki:7/#?[].png'],
  ])('have the name %s decoded once: %s', async (raw, name) => {
    const path = `/storage/v0/b/${BUCKET}/o/${raw}`;
    expect((await started.upload(formOf({ body: 'x' }), { path })).status).toBe(200);
    expect([...started.storage.files.keys()]).toEqual([`${BUCKET}/${name}`]);
    expect(await (await metadata(path)).json()).toMatchObject({ name });
  });

  it('leave with the headers of a Firebase client, and no other', async () => {
    const token = ['a', 'b', 'c'].join('.');
    await started.upload(formOf({ body: 'x' }), {
      headers: { 'X-Firebase-AppCheck': token, 'X-Goog-Upload-Command': 'start', Cookie: 'a=b' },
    });
    await metadata();
    const [upload, read] = started.storage.calls;

    expect(upload?.target).toBe(`/v0/b/${BUCKET}/o?name=users%2Ftiki%3A7%2Fphoto.png`);
    expect(upload?.headers).toEqual({
      accept: 'application/json',
      'accept-encoding': 'identity',
      authorization: `Firebase ${USER_TOKEN}`,
      'content-type': expect.stringMatching(/^multipart\/related; boundary=[\w-]{36}$/) as string,
      'x-goog-upload-protocol': 'multipart',
      'x-firebase-appcheck': token,
      'transfer-encoding': 'chunked',
      connection: 'keep-alive',
      host: started.storage.host,
    });
    expect(read?.target).toBe(`/v0/b/${BUCKET}/o/users%2Ftiki%3A7%2Fphoto.png`);
    expect(read?.headers.authorization).toBe(`Firebase ${USER_TOKEN}`);
  });

  it('are what the rules allow, and Google says so', async () => {
    const stranger = await started.upload(formOf({ body: 'x' }), { headers: STRANGER });
    expect([stranger.status, await stranger.json()]).toEqual([
      403,
      { error: { code: 403, message: 'Permission denied.' } },
    ]);
    const path = `/storage/v0/b/${BUCKET}/o/users/tiki:8/photo.png`;
    expect((await started.upload(formOf({ body: 'x' }), { path })).status).toBe(403);
    expect((await metadata(path)).status).toBe(403);
    expect((await metadata()).status).toBe(404);
    expect(started.storage.files.size).toBe(0);
  });

  it('need an ID token to be uploaded, so that no web page can do it for its visitors', async () => {
    const answer = await started.gateway.fetch(FILE, { method: 'POST', body: new FormData() });
    expect(await problemOf(answer)).toEqual([401, 'unauthenticated']);
    expect(started.storage.calls).toEqual([]);
  });

  it.each([
    ['vi', 'Tệp phải là ảnh (trừ SVG), âm thanh, video hoặc PDF.'],
    ['en', 'The file must be a picture (not SVG), sound, video or PDF.'],
  ])('of another type are refused in words that help (%s)', async (language, words) => {
    const answer = await started.upload(formOf({ body: 'x' }), {
      path: `${FILE}?contentType=text/plain`,
      headers: { 'Accept-Language': language },
    });
    const { detail } = (await answer.json()) as { readonly detail: string };
    expect([answer.status, detail]).toEqual([415, expect.stringContaining(words)]);
  });

  it('are logged by what was done, without their names', async () => {
    await started.upload(formOf({ body: 'x' }));
    await metadata();
    const entries = started.gateway.entries.map((entry) => JSON.stringify(entry));
    expect(entries.map((entry) => /storage\.\w+/.exec(entry)?.[0])).toEqual([
      'storage.upload',
      'storage.getMetadata',
    ]);
    expect(entries.join()).not.toContain('photo');
  });
});

describe('the bucket', () => {
  const uploadTo = async (env: Record<string, string>, bucket: string) => {
    const started = await startStorageGateway({ env });
    const path = `/storage/v0/b/${bucket}/o/users/tiki:7/photo.png`;
    const { status } = await started.upload(formOf({ body: 'x' }), { path });
    await started.close();
    return status;
  };

  it('is one of the two that a project can have by default', async () => {
    expect(await uploadTo({}, 'demo-tiki-bridge.firebasestorage.app')).toBe(200);
    expect(await uploadTo({}, 'demo-tiki-bridge.appspot.com')).toBe(200);
  });

  it('is the configured one where there is one', async () => {
    const env = { STORAGE_BUCKET: 'other-bucket' };
    expect(await uploadTo(env, 'other-bucket')).toBe(200);
    expect(await uploadTo(env, 'demo-tiki-bridge.firebasestorage.app')).toBe(404);
  });
});
