import { resolve } from 'node:path';
import { startFunction, type RunningFunction } from '@tiki-bridge/testing/google/framework';
import { DOCUMENTS, PROJECT } from '../gateway/support/gateway';
import { sendRaw, type RawAnswer } from '../gateway/support/raw';
import { CLIENT_SECRET } from '../support/bridge';

const ODD_TARGETS = [
  '/%',
  '/auth_exchange/%c3',
  '/firestore/v1/%ff',
  '/favicon.ico',
  '/robots.txt',
  '/robots.txt/below',
  '/FAVICON.ICO?v=1',
  '*',
  'http://x/favicon.ico',
  'http://x/robots.txt#fragment',
  '/elsewhere#fragment',
  '//x/robots.txt',
];
const ODD_EXPECTATION = 'Expect: nonsense';

/**
 * Attack: a request that Express, the framework or Node would answer before the function sees it.
 * They receive its whole body first, however large and slow, outside of every limit and without a
 * log entry.
 */
describe.each([
  ['auth', '/auth_exchange', { TIKI_CLIENT_KEY: 'key', TIKI_CLIENT_SECRET: CLIENT_SECRET }],
  ['gateway', `${DOCUMENTS}:commit`, { GCLOUD_PROJECT: PROJECT, WEB_API_KEY: 'key' }],
] as const)('a request that others would answer before %s', (target, path, env) => {
  let running: RunningFunction;
  /** To each of the odd targets, all sent at once: the server keeps each connection for 2 s. */
  let answers: readonly RawAnswer[];
  beforeAll(async () => {
    running = await startFunction({ source: resolve(__dirname, '../..'), target, env });
    answers = await Promise.all(ODD_TARGETS.map((odd) => begin(odd)));
  });
  afterAll(() => running.stop());

  /** Announces a large body, sends a byte of it and waits for the connection to end. */
  function begin(url: string, ...headers: readonly string[]): Promise<RawAnswer> {
    const head = [
      `POST ${url} HTTP/1.1`,
      'Host: a',
      'Content-Type: application/json',
      'Content-Length: 10000000',
      ...headers,
    ];
    return sendRaw(running.origin, `${head.join('\r\n')}\r\n\r\n{`);
  }

  /** Status and code of the only response, a problem. */
  function problemIn({ status, text }: RawAnswer): readonly unknown[] {
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head).toMatch(/^content-type: application\/problem\+json; charset=utf-8\r?$/im);
    expect(head).toMatch(/^connection: close\r?$/im);
    expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    return [status, (JSON.parse(body) as { readonly code: unknown }).code];
  }

  it.each(ODD_TARGETS)('is answered at once: %s', (odd) => {
    const answer = answers[ODD_TARGETS.indexOf(odd)];
    expect(answer && problemIn(answer)).toEqual([404, 'not-found']);
  });

  it('is answered at once: one with an unknown expectation', async () => {
    const answer = await begin(path, ODD_EXPECTATION);
    expect(problemIn(answer)).toEqual([413, 'payload-too-large']);
  });

  it.each(['OPTIONS', 'POST'])('is answered without its body: %s *', async (method) => {
    const { status, text } = await sendRaw(
      running.origin,
      `${method} * HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n`,
    );
    expect(status).toBe(404);
    expect(text).toMatch(/^cache-control: no-store\r?$/im);
  });

  it('is in the log, each with one entry', async () => {
    const all = [...answers, await begin(path, ODD_EXPECTATION)];
    await running.stop();
    const answered = all.map(({ text }) => /^x-request-id: (\S+)/im.exec(text)?.[1]);
    const logged = running.logs().map(({ requestId }) => requestId);
    expect(logged.filter((id) => answered.includes(String(id))).sort()).toEqual(answered.sort());
  });
});
