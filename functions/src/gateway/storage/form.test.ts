import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import type { IncomingRequest } from '../../http/request';
import { Problem } from '../../problem';
import { receiveFile } from './form';

const BOUNDARY = 'b';
const HEAD =
  'Content-Disposition: form-data; name="f"; filename="a.png"\r\nContent-Type: image/png';
const formOf = (file: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\n${HEAD}\r\n\r\n`),
    file,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);

/** A request whose body arrives in these chunks. */
function requestOf(chunks: readonly Buffer[], isComplete = true): IncomingRequest {
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
  const body = Readable.from(chunks);
  // What is read of a request here.
  return Object.assign(body, { headers, complete: isComplete }) as unknown as IncomingRequest;
}

/** Splits at these places. */
function chunksOf(body: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % body.length), body.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => body.subarray(at[index], end));
}

async function fileOf(request: IncomingRequest): Promise<Buffer> {
  const { chunks, whole } = await receiveFile(request, new AbortController().signal);
  const file = await buffer(chunks);
  await whole;
  return file;
}

/** Bytes that look like delimiters of the form, or almost. */
const nasty = fc
  .array(
    fc.constantFrom('\r', '\n', '\r\n', '-', '--', '\r\n--', '\r\n-', ' b', '--c', 'x', '\u0000'),
    { maxLength: 60 },
  )
  .map((parts) => Buffer.from(parts.join('').replaceAll(`--${BOUNDARY}`, '')));
const places = fc.array(fc.nat(), { maxLength: 40 });

describe('receiveFile', () => {
  it('reads the same file however the form is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, places, async (file, cuts) => {
        expect(await fileOf(requestOf(chunksOf(formOf(file), cuts)))).toEqual(file);
      }),
    );
  });

  it('refuses every beginning of a form, and waits for nothing more', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, fc.nat(), places, async (file, length, cuts) => {
        const form = formOf(file);
        // The last line break is optional.
        const part = form.subarray(0, length % (form.length - 2));
        const chunks = part.length === 0 ? [] : chunksOf(part, cuts);
        await expect(fileOf(requestOf(chunks))).rejects.toBeInstanceOf(Problem);
      }),
    );
  });

  it('reads a form that the Functions emulator has read already, and bounds it', async () => {
    const read = (rawBody: Buffer) => fileOf(Object.assign(requestOf([]), { rawBody }));
    const file = Buffer.from('a file');

    expect(await read(formOf(file))).toEqual(file);
    await expect(read(formOf(Buffer.alloc(11 * 1024 * 1024)))).rejects.toMatchObject({
      code: 'payload-too-large',
    });
  });

  it('refuses a form whose connection broke', async () => {
    const request = requestOf([formOf(Buffer.from('x')).subarray(0, 100)], false);
    const reading = fileOf(request);
    request.destroy();
    await expect(reading).rejects.toMatchObject({ code: 'invalid-request' });
  });
});
