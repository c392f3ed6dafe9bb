import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRules } from '@tiki-bridge/rules-evaluator/ruleset';
import { startStorage, type StorageFake } from '@tiki-bridge/testing/google/storage';
import { ID_TOKEN, PROJECT, startTestGateway, tokenOf, type TestGateway } from './gateway';

export const BUCKET = `${PROJECT}.firebasestorage.app`;
/** Customer 7's file, by the gateway's address. */
export const FILE = `/storage/v0/b/${BUCKET}/o/users/tiki:7/photo.png`;
export const RULES = readRules(readFileSync(join(__dirname, '../../../../storage.rules'), 'utf8'));
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** Customer 7's, as the login makes it. */
export const USER_TOKEN = tokenOf({
  iss: `https://securetoken.google.com/${PROJECT}`,
  aud: PROJECT,
  sub: 'tiki:7',
  provider: 'tiki',
});
export const USER = { Authorization: `Bearer ${USER_TOKEN}` };
/** Without the claim that the rules ask for. */
export const STRANGER = { Authorization: `Bearer ${ID_TOKEN}` };

export const BOUNDARY = 'canary-boundary';
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

export interface Part {
  /** Header lines; default those of a picture. */
  readonly head?: string;
  readonly body: string | Buffer;
}

export const FILE_HEAD =
  'Content-Disposition: form-data; name="file"; filename="photo.png"\r\nContent-Type: image/png';

/** The body of a form. */
export function formOf(...parts: readonly Part[]): Buffer<ArrayBuffer> {
  const pieces = parts.flatMap(({ head = FILE_HEAD, body }) => [
    Buffer.from(`--${BOUNDARY}\r\n${head}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

export interface StorageGateway {
  readonly gateway: TestGateway;
  readonly storage: StorageFake;
  /** Uploads a form as customer 7. */
  upload(
    body: Buffer<ArrayBuffer>,
    options?: {
      readonly path?: string;
      readonly headers?: Readonly<Record<string, string>>;
    },
  ): Promise<Response>;
  close(): Promise<void>;
}

/** The gateway in front of the fake of Cloud Storage, with the project's own rules. */
export async function startStorageGateway(
  options: Parameters<typeof startTestGateway>[0] & {
    readonly hold?: () => Promise<unknown>;
  } = {},
): Promise<StorageGateway> {
  const { hold, env, ...effects } = options;
  const storage = await startStorage({
    projectId: PROJECT,
    buckets: [BUCKET, `${PROJECT}.appspot.com`, 'other-bucket'],
    rules: RULES,
    ...(hold && { hold }),
  });
  const gateway = await startTestGateway({
    ...effects,
    env: { FIREBASE_STORAGE_EMULATOR_HOST: storage.host, ...env },
  });
  return {
    gateway,
    storage,
    upload: (body, { path = FILE, headers = {} } = {}) =>
      gateway.fetch(path, {
        method: 'POST',
        body,
        headers: { ...USER, 'Content-Type': FORM_TYPE, ...headers },
      }),
    close: async () => {
      await Promise.all([gateway.close(), storage.close()]);
    },
  };
}
