import { parseBackendParameters } from '../../../src/backend/parameters';
import { Problem } from '../../../src/problem';

/**
 * Attack (SSRF): an address that makes the bridge call a machine of its own network with its own
 * credentials, or one of Google's APIs, where a token that it signs could pass as another.
 */
const parse = (url: string, env: Record<string, string> = {}) =>
  parseBackendParameters({ GCLOUD_PROJECT: 'demo', PRIVATE_BACKEND_URL: url, ...env });

it.each([
  'http://api-abc.a.run.app',
  'https://169.254.169.254',
  'https://2852039166',
  'https://0xa9fea9fe',
  'https://[fd00:ec2::254]',
  'https://[::ffff:169.254.169.254]',
  'https://metadata.google.internal',
  'https://metadata',
  'https://localhost',
  'http://localhost:8080',
  'http://127.0.0.1:8080',
  'https://identitytoolkit.googleapis.com',
  'https://firestore.googleapis.com.',
  'https://www.googleapis.com',
  'https://googleapis.com',
  'https://accounts.google.com',
  // Every function of the project is below it.
  'https://asia-southeast1-shop.cloudfunctions.net',
  'https://user:secret@api-abc.a.run.app',
  'https://api-abc.a.run.app/admin',
  'https://api-abc.a.run.app?a=b',
  'https://api-abc.a.run.app#a',
  'https://api-abc.a.run.app:8443',
  'https://api-abc.a.run.app https://evil.example',
  'ftp://api-abc.a.run.app',
  'file:///etc/passwd',
  'javascript:1',
])('refuses %s without repeating it', (url) => {
  const attempt = () => parse(url);
  expect(attempt).toThrow(Problem);
  try {
    attempt();
  } catch (error) {
    expect(JSON.stringify((error as Problem).extras)).not.toContain(url);
  }
});

it("asks for a function's own address instead of the one that it shares", () => {
  expect(() => parse('https://asia-southeast1-shop.cloudfunctions.net')).toThrow(
    expect.objectContaining({
      extras: expect.objectContaining({
        operator: expect.objectContaining({
          cause: expect.stringContaining('run.app') as string,
        }) as object,
      }) as object,
    }) as Error,
  );
});

it.each([
  'https://api-abc-as.a.run.app',
  'https://api-123456789.asia-southeast1.run.app/',
  'https://api.shop.example.com',
])('accepts %s', (url) => {
  expect(parse(url).PRIVATE_BACKEND_URL?.origin).toBe(new URL(url).origin);
});

it('accepts a service on this machine in the emulator alone', () => {
  const url = 'http://127.0.0.1:8080';
  expect(parse(url, { FUNCTIONS_EMULATOR: 'true' }).PRIVATE_BACKEND_URL?.origin).toBe(url);
  expect(() => parse('http://10.0.0.1', { FUNCTIONS_EMULATOR: 'true' })).toThrow(Problem);
});
