import { startBackend, type TestBackend } from '../../backend/support/backend';

/**
 * Attack: a file that a user uploaded to the service, or a page of it, runs scripts on the origin of
 * the session's worker, because the bridge left out the headers with which the service confines it.
 */
let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.close());

const CONFINING = {
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=()',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};

it('is confined as the service says', async () => {
  backend.service.answer((response) => {
    response.writeHead(200, { 'Content-Type': 'text/html', ...CONFINING }).end('<script>');
  });
  const response = await fetch(`${backend.origin}/backend/files/1`, { headers: backend.bearer() });
  expect(Object.fromEntries(response.headers)).toMatchObject({
    ...CONFINING,
    'x-content-type-options': 'nosniff',
  });
});
