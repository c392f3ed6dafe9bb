import { problemOf, PROJECT, tokenOf } from '../../gateway/support/gateway';
import { sendRaw } from '../../gateway/support/raw';
import {
  BUCKET,
  FILE,
  formOf,
  FORM_TYPE,
  startStorageGateway,
  USER_TOKEN,
  type StorageGateway,
} from '../../gateway/support/storage';

/** Attack: an upload that ends in another place than the one that is checked, or as another user. */
describe('addresses and credentials of uploads', () => {
  let started: StorageGateway;
  beforeEach(async () => {
    started = await startStorageGateway();
  });
  afterEach(() => started.close());

  const BODY = String(formOf({ body: 'x' }));
  const send = (target: string, method = 'POST') =>
    sendRaw(
      started.gateway.origin,
      `${method} ${target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${USER_TOKEN}\r\n` +
        `Content-Type: ${FORM_TYPE}\r\nContent-Length: ${BODY.length}\r\nConnection: close\r\n\r\n` +
        BODY,
    );
  const at = (name: string, bucket = BUCKET) => `/storage/v0/b/${bucket}/o/${name}`;

  it.each([
    '',
    '/',
    '//a.png',
    'users/tiki:7/',
    'users//tiki:7/a.png',
    'users/tiki:7/../tiki:8/a.png',
    'users/tiki:7/./a.png',
    'users/tiki:7/%2e%2e/tiki:8/a.png',
    'users/tiki:7/.%2E/a.png',
    'users/tiki:7%2F..%2Ftiki:8%2Fa.png',
    'users%2Ftiki:7%2F%2Fa.png',
    '%2Fusers/tiki:7/a.png',
    'users/tiki:7/a.png%2F',
    '..',
    '%2e',
    'users/tiki:7/a%00.png',
    'users/tiki:7/a%0d%0a.png',
    'users/tiki:7/a%7f.png',
    'users/tiki:7/a%C2%85.png',
    'users/tiki:7/a%',
    'users/tiki:7/a%zz',
    'users/tiki:7/%c0%af',
    'users/tiki:7/%ed%a0%80',
    'users/tiki:7/\u00e9',
    'users\\tiki:7\\a.png',
    'users/tiki:7/a.png#x',
    `users/tiki:7/${'a'.repeat(1_024)}`,
    `users/tiki:7/${'%E1%BA%A3'.repeat(338)}`,
  ])('that name no file are refused: %s', async (name) => {
    const { status } = await send(at(name));
    expect([400, 404]).toContain(status);
    expect(started.storage.calls).toEqual([]);
  });

  it.each([
    'other-bucket',
    'other-project.firebasestorage.app',
    `${PROJECT}.firebasestorage.app.evil.example`,
    `x${BUCKET}`,
    `${BUCKET}%2Fo%2Fx`,
    BUCKET.replace('.', '%2E'),
    BUCKET.toUpperCase(),
    '..',
    'constructor',
  ])('in another bucket are refused: %s', async (bucket) => {
    const { status } = await send(at('users/tiki:7/a.png', bucket));
    expect([400, 404]).toContain(status);
    expect(started.storage.calls).toEqual([]);
  });

  it.each([
    `/storage/v0/b/${BUCKET}/o?name=users/tiki:7/a.png`,
    `/storage/v0/b/${BUCKET}/o`,
    `/storage/v0/b/${BUCKET}`,
    `/storage/v0/b/${BUCKET}/acl/x`,
    `/storage/v0/b/${BUCKET}/iam`,
    `/storage/v1/b/${BUCKET}/o/users/tiki:7/a.png`,
    `/storage/upload/storage/v1/b/${BUCKET}/o?name=x`,
    `/storage//v0/b/${BUCKET}/o/a.png`,
    `/storage/../storage/v0/b/${BUCKET}/o/a.png`,
    `/Storage/v0/b/${BUCKET}/o/a.png`,
    '/storage/',
    '/storage',
  ])('of another resource are refused: %s', async (target) => {
    const { status } = await send(target);
    expect([400, 404]).toContain(status);
    expect(started.storage.calls).toEqual([]);
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('are refused with %s', async (method) => {
    const { status, text } = await send(FILE, method);
    expect(status).toBe(405);
    expect(text).toMatch(/^allow: GET, HEAD, POST\r$/im);
    expect(started.storage.calls).toEqual([]);
  });

  const claims = { aud: PROJECT, sub: 'tiki:7', provider: 'tiki' };
  const iss = `https://securetoken.google.com/${PROJECT}`;
  it.each<[string, string | undefined]>([
    ['none', undefined],
    ['the emulator’s owner', 'Bearer owner'],
    ['an access token of Google', 'Bearer ya29.a0AfH6SMBx'],
    ['a self-signed token', `Bearer ${tokenOf({ ...claims, iss: 'a@b.iam.gserviceaccount.com' })}`],
    ['a token of Google’s', `Bearer ${tokenOf({ ...claims, iss: 'https://accounts.google.com' })}`],
    ['a token of another project', `Bearer ${tokenOf({ ...claims, iss: `${iss}-2` })}`],
    ['a token as Storage takes it', `Firebase ${USER_TOKEN}`],
    ['two tokens', `Bearer ${USER_TOKEN}, Bearer owner`],
    ['a signature for a URL', 'GOOG4-RSA-SHA256 Credential=a'],
  ])('by credentials that could bypass the rules are refused: %s', async (_, authorization) => {
    const headers = authorization === undefined ? {} : { Authorization: authorization };
    const answer = await started.gateway.fetch(FILE, {
      method: 'POST',
      body: formOf({ body: 'x' }),
      headers: { ...headers, 'Content-Type': FORM_TYPE },
    });
    expect(await problemOf(answer)).toEqual([401, 'unauthenticated']);
    expect(started.storage.calls).toEqual([]);
  });
});
