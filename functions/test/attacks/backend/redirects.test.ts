import { startBackend, type TestBackend } from '../../backend/support/backend';
import { startUpstream, type Upstream } from '../../gateway/support/upstream';

/**
 * Attack: the service, or a login page before it, redirects: the bridge would carry its tokens there,
 * or send its visitor there from the developer's own domain.
 */
let backend: TestBackend;
let other: Upstream;
beforeAll(async () => {
  [backend, other] = await Promise.all([startBackend(), startUpstream()]);
});
afterAll(async () => {
  await backend.close();
  await other.close();
});

it.each([301, 302, 303, 307, 308, 300, 305])(
  'neither follows %i nor passes it on',
  async (status) => {
    backend.service.answer((response) => {
      response.writeHead(status, { Location: `http://${other.host}/steal` }).end();
    });
    const response = await fetch(`${backend.origin}/backend/a`, {
      headers: backend.bearer(),
      redirect: 'manual',
    });
    expect(response.status).toBe(502);
    expect(response.headers.get('location')).toBeNull();
    const text = await response.text();
    expect(text).not.toContain(other.host);
    // It is no failure of Google's.
    expect(text).not.toMatch(/google/i);
    expect(other.seen).toEqual([]);
  },
);

it('passes 304 on', async () => {
  backend.service.answer((response) => response.writeHead(304, { ETag: '"1"' }).end());
  const response = await fetch(`${backend.origin}/backend/a`, {
    headers: { ...backend.bearer(), 'If-None-Match': '"1"' },
  });
  expect(response.status).toBe(304);
  expect(backend.service.seen.at(-1)?.headers['if-none-match']).toBe('"1"');
});
