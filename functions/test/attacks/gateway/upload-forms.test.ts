import { problemOf } from '../../gateway/support/gateway';
import { sendRaw } from '../../gateway/support/raw';
import {
  BOUNDARY,
  BUCKET,
  FILE,
  FILE_HEAD,
  formOf,
  FORM_TYPE,
  startStorageGateway,
  USER,
  USER_TOKEN,
  type StorageGateway,
} from '../../gateway/support/storage';

/** Attack: a form that one parser reads as the file that rules allow, and the next as another. */
describe('forms that are not one file', () => {
  let started: StorageGateway;
  beforeEach(async () => {
    started = await startStorageGateway();
  });
  afterEach(() => started.close());

  const NAME = `${BUCKET}/users/tiki:7/photo.png`;
  const file = { body: 'picture' };
  const field = { head: 'Content-Disposition: form-data; name="a"', body: 'b' };

  it.each<[string, Buffer<ArrayBuffer>]>([
    ['two files', formOf(file, file)],
    ['two files around a field', formOf(file, field, file)],
    ['no file', formOf(field)],
    ['no part', Buffer.from(`--${BOUNDARY}--\r\n`)],
    ['nothing', Buffer.alloc(0)],
    ['another boundary', Buffer.from(String(formOf(file)).replaceAll(BOUNDARY, 'other'))],
    ['no end', formOf(file).subarray(0, -4)],
    ['no end of the file', formOf(file).subarray(0, -BOUNDARY.length - 6)],
    ['a file without its headers', Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data`)],
    ['many fields', formOf(...Array<typeof field>(9).fill(field), file)],
    ['many fields after the file', formOf(file, ...Array<typeof field>(9).fill(field))],
    [
      'many other parts',
      formOf(...Array<typeof field>(13).fill({ head: 'X: y', body: 'z' }), file),
    ],
    [
      'a file in base64',
      formOf({ ...file, head: `${FILE_HEAD}\r\nContent-Transfer-Encoding: base64` }),
    ],
    [
      'a part that is no form data',
      formOf({ head: FILE_HEAD.replace('form-data', 'attachment'), body: 'x' }),
    ],
    ['a name with a line break', formOf({ head: FILE_HEAD.replace('photo', 'a\nb'), body: 'x' })],
  ])('are refused, and nothing is stored: %s', async (_, body) => {
    expect(await problemOf(await started.upload(body))).toEqual([400, 'invalid-request']);
    expect(started.storage.files.size).toBe(0);
    // What was begun has been broken off.
    expect(started.storage.calls.filter(({ outcome }) => outcome !== 'broken off')).toEqual([]);
  });

  it.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    `multipart/form-data; boundary=${'a'.repeat(300)}`,
    `multipart/related; boundary=${BOUNDARY}`,
    `multipart/mixed; boundary=${BOUNDARY}`,
    'image/png',
    'application/json',
    '',
  ])('are refused by their type %j', async (type) => {
    const { status } = await started.upload(formOf(file), { headers: { 'Content-Type': type } });
    expect([400, 415]).toContain(status);
    expect(started.storage.calls).toEqual([]);
  });

  it('are refused compressed', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    const answer = await started.upload(formOf(file), { headers });
    expect(await problemOf(answer)).toEqual([415, 'unsupported-media-type']);
  });

  it('become one file with whatever bytes it has', async () => {
    const body =
      `\r\n-- --${BOUNDARY}--\r\n--${BOUNDARY.slice(1)}\r\n--\r\n--${'0'.repeat(36)}--\r\n` +
      'Content-Type: application/json; charset=utf-8\r\n\r\n{"name":"elsewhere"}';
    expect((await started.upload(formOf({ body }))).status).toBe(200);
    expect(started.storage.files.get(NAME)?.bytes.toString()).toBe(body);
  });

  it("add nothing to Google's request from the headers of a part", async () => {
    const heads = [
      'Content-Disposition: form-data; name="f"; filename="../../users/tiki:8/x.png"',
      'Content-Type: image/png; charset="x\\r\\nX-Smuggled: 1"',
      'X-Goog-Upload-Command: start',
      'Authorization: Bearer owner',
    ];
    const { status } = await started.upload(formOf({ head: heads.join('\r\n'), body: 'x' }));
    expect(status).toBe(200);
    expect([...started.storage.files.keys()]).toEqual([NAME]);
    expect(started.storage.files.get(NAME)?.contentType).toBe('image/png');
    expect(JSON.stringify(started.storage.calls)).not.toMatch(/owner|smuggled|start"/i);
  });

  it('hide no second request behind their length', async () => {
    const body = String(formOf(file));
    const hidden = `POST ${FILE} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const { text } = await sendRaw(
      started.gateway.origin,
      `POST ${FILE} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${USER_TOKEN}\r\n` +
        `Content-Type: ${FORM_TYPE}\r\nContent-Length: ${body.length - 20}\r\n` +
        `Connection: close\r\n\r\n${body}${hidden}`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 400/);
    expect(started.storage.files.size).toBe(0);
  });

  it.each([
    'text/html',
    'TEXT/HTML',
    'image/svg+xml',
    'image/svg',
    'application/xhtml+xml',
    'text/xml',
    'image/x-html',
    'text/javascript',
    'application/octet-stream',
    'image/png, text/html',
    'image/png;text/html',
    'image/png%0d%0aX-Smuggled:%201',
    'image/',
    'image',
  ])('are refused as %s, which can carry a script or is no media type', async (type) => {
    const path = `${FILE}?contentType=${type}`;
    const given = await started.upload(formOf(file), { path });
    expect(await problemOf(given)).toEqual([415, 'unsupported-media-type']);
    expect(started.storage.files.size).toBe(0);
  });

  it.each(['text/html', 'IMAGE/SVG+XML', 'application/octet-stream'])(
    'are refused when their part says %s',
    async (type) => {
      const head = FILE_HEAD.replace('image/png', type);
      const answer = await started.upload(formOf({ head, body: 'x' }));
      expect(await problemOf(answer)).toEqual([415, 'unsupported-media-type']);
    },
  );

  it.each([
    'cacheControl=a%0d%0ab',
    'cacheControl=%22',
    'cacheControl=a&cacheControl=b',
    'contentType=image/png&contentType=image/gif',
    'name=other',
    'uploadType=resumable',
    'upload_id=1',
    'metadata=1',
    'create_token=true',
    'key=a',
    '$httpMethod=DELETE',
  ])('are refused with the parameter %s', async (query) => {
    const answer = await started.upload(formOf(file), { path: `${FILE}?${query}` });
    expect(await problemOf(answer)).toEqual([400, 'invalid-request']);
    expect(started.storage.files.size).toBe(0);
  });

  it.each(['alt=media', 'token=a', 'create_token=true', 'key=a&alt=media'])(
    'are not served on this domain, nor changed, by reading with %s',
    async (query) => {
      const answer = await started.gateway.fetch(`${FILE}?${query}`, { headers: USER });
      expect(await problemOf(answer)).toEqual([400, 'invalid-request']);
      expect(started.storage.calls).toEqual([]);
    },
  );
});
