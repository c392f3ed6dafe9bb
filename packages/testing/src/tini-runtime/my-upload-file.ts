import { DOCUMENTED } from './behaviour';
import { deliver, type Delivery, networkFailure } from './deliver';
import { NEVER, refusal, takeNetworkFault } from './my-request';
import type { Phone } from './phone';

interface UploadFileOptions {
  readonly url: string;
  readonly filePath: string;
  /** The field of the form. */
  readonly fileName: string;
  readonly fileType?: 'image' | 'video' | 'audio';
  readonly header?: Readonly<Record<string, string>>;
  readonly formData?: Readonly<Record<string, string>>;
}

const BOUNDARY = '----tini-form-5f0c';

/** A form with the fields and then the file, as HTTP clients on phones write it. */
function formOf(
  { fileName, filePath, formData = {} }: UploadFileOptions,
  file: { readonly type: string; readonly bytes: Buffer },
): Buffer {
  const part = (head: string, body: Buffer | string) => [
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ];
  const name = filePath.replace(/.*\//, '');
  const described = `name="${fileName}"; filename="${name}"\r\nContent-Type: ${file.type}`;
  return Buffer.concat([
    ...Object.entries(formData).flatMap(([field, value]) => part(`name="${field}"`, value)),
    ...part(described, file.bytes),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);
}

/**
 * `my.uploadFile`, by Tiki's type package: the body as text, `statusCode` and `header`; error 11 to 13.
 * In every other behaviour like `my.request`.
 */
export async function myUploadFile(phone: Phone, options: UploadFileOptions): Promise<Delivery> {
  const { url, filePath, header = {} } = options;
  const { behaviour } = phone;
  const request = { method: 'POST', url, headers: header, data: undefined };
  phone.requests.push(request);
  const fail = (error: number, what: string): Delivery => ({
    callback: 'fail',
    value: behaviour === DOCUMENTED ? { error } : networkFailure(behaviour, what),
  });
  const file = phone.files.get(filePath);
  if (!file) return fail(11, 'no such file');
  if (refusal(phone, request) !== undefined) return fail(12, 'not allowed');
  const fault = takeNetworkFault(phone, url);
  if (fault === 'lost') return fail(12, 'connection reset');
  try {
    const headers = { ...header, 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` };
    const answer = await phone.transport({ ...request, headers, body: formOf(options, file) });
    if (fault === 'hang') return await NEVER;
    if (fault === 'answer lost') return fail(12, 'connection reset');
    if (behaviour !== DOCUMENTED) return deliver(answer, true, behaviour);
    const { status: statusCode, headers: answered, body: data } = answer;
    return { callback: 'success', value: { data, statusCode, header: answered } };
  } catch {
    return fail(12, 'connection refused');
  }
}
