import { problemOf } from '../../gateway/support/gateway';
import { sendRaw } from '../../gateway/support/raw';
import {
  FILE,
  FILE_HEAD,
  formOf,
  FORM_TYPE,
  MAX_FILE_BYTES,
  startStorageGateway,
  USER_TOKEN,
  type StorageGateway,
} from '../../gateway/support/storage';

/** Attack: uploads that cost more memory, traffic or storage than a file of the largest size. */
describe('sizes of uploads', () => {
  let started: StorageGateway;
  beforeEach(async () => {
    started = await startStorageGateway();
  });
  afterEach(() => started.close());

  const nothingStored = () => {
    expect(started.storage.files.size).toBe(0);
    expect(started.storage.calls.filter(({ outcome }) => outcome !== 'broken off')).toEqual([]);
  };

  const HEAD = [
    `POST ${FILE} HTTP/1.1`,
    'Host: a',
    `Authorization: Bearer ${USER_TOKEN}`,
    `Content-Type: ${FORM_TYPE}`,
    'Connection: close',
  ];
  const raw = (framing: string, body: string) =>
    sendRaw(started.gateway.origin, `${[...HEAD, framing].join('\r\n')}\r\n\r\n${body}`);
  const chunked = (body: string, size: number) => {
    const chunks: string[] = [];
    for (let at = 0; at < body.length; at += size) {
      const chunk = body.slice(at, at + size);
      chunks.push(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    }
    return raw('Transfer-Encoding: chunked', `${chunks.join('')}0\r\n\r\n`);
  };

  it('are refused beyond 10 MiB, one byte after the limit', async () => {
    const answer = await started.upload(formOf({ body: Buffer.alloc(MAX_FILE_BYTES + 1) }));
    expect(await problemOf(answer)).toEqual([413, 'payload-too-large']);
    nothingStored();
  });

  it('are refused by a length that is announced, before any of it is read', async () => {
    const { status } = await raw(`Content-Length: ${11 * 1024 * 1024}`, '');
    expect(status).toBe(413);
    expect(started.storage.calls).toEqual([]);
  });

  it('are refused beyond the limit when no length is announced', async () => {
    const body = String(formOf({ body: 'x'.repeat(MAX_FILE_BYTES + 1) }));
    const { status, text } = await chunked(body, 65_536);
    expect(status).toBe(413);
    expect(text).toContain('"code":"payload-too-large"');
    nothingStored();
  });

  it.each([
    ['before the first part', (filler: string) => `${filler}\r\n${String(formOf({ body: 'x' }))}`],
    ['after the last', (filler: string) => String(formOf({ body: 'x' })) + filler],
    [
      'in a field',
      (filler: string) =>
        String(
          formOf({ head: 'Content-Disposition: form-data; name="a"', body: filler }, { body: 'x' }),
        ),
    ],
    [
      'in a part that is skipped',
      (filler: string) => String(formOf({ head: 'X: y', body: filler }, { body: 'x' })),
    ],
    [
      'in the headers of a part',
      (filler: string) => String(formOf({ head: `X: ${filler}\r\n${FILE_HEAD}`, body: 'x' })),
    ],
  ])('are bounded as a whole: %s', async (_, bodyWith) => {
    const { status } = await chunked(bodyWith('y'.repeat(MAX_FILE_BYTES + 100_000)), 65_536);
    expect(status).toBe(413);
    nothingStored();
  });

  it('are refused in single bytes, whose overhead exceeds their content', async () => {
    const { status } = await chunked(String(formOf({ body: 'x'.repeat(4_000) })), 1);
    expect(status).toBe(413);
    nothingStored();
  });

  it('are taken in chunks as on a slow connection', async () => {
    const { status } = await chunked(String(formOf({ body: 'x'.repeat(1_000_000) })), 536);
    expect(status).toBe(200);
    expect([...started.storage.files.values()].map(({ bytes }) => bytes.length)).toEqual([
      1_000_000,
    ]);
  });

  it('are refused when fewer bytes come than were announced', async () => {
    const body = String(formOf({ body: 'x' }));
    const { status } = await raw(`Content-Length: ${body.length - 10}`, body.slice(0, -10));
    expect(status).toBe(400);
    nothingStored();
  });
});
