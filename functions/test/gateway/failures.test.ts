import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { DOCUMENTS, problemOf, startTestGateway, type TestGateway } from './support/gateway';
import { listening } from './support/upstream';

/** A timeout that is short, but long enough for the call to reach the upstream. */
const SOON_MS = 1_000;

const started: TestGateway[] = [];
/** Starts a gateway that is closed after the test. */
async function start(effects: Parameters<typeof startTestGateway>[0] = {}): Promise<TestGateway> {
  const gateway = await startTestGateway(effects);
  started.push(gateway);
  return gateway;
}
afterEach(() => Promise.all(started.splice(0).map((gateway) => gateway.close())));

describe("when Google does not answer, the gateway's own problems", () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway();
  });
  afterEach(() => gateway.close());

  const get = (init?: RequestInit) => gateway.fetch(`${DOCUMENTS}/users/7`, init);

  it('report that it is unreachable', async () => {
    await gateway.firestore.close();
    const response = await get();
    expect(response.headers.get('retry-after')).toBe('2');
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await problemOf(response)).toEqual([503, 'upstream-unavailable']);
    expect(gateway.entries[0]).toMatchObject({
      severity: 'WARNING',
      outcome: 'upstream-unavailable',
      operator: { cause: 'The connection to Google failed: ECONNREFUSED' },
    });
  });

  it('report a closed connection', async () => {
    gateway.firestore.answer((response) => response.destroy());
    expect(await problemOf(await get())).toEqual([503, 'upstream-unavailable']);
    expect(gateway.firestore.seen).toHaveLength(1);
  });

  it('report a timeout, and abort the call', async () => {
    const hasty = await start({ timeoutMs: SOON_MS });
    const hungUp = new Promise<void>((resolve) => {
      hasty.firestore.answer((response) => response.on('close', resolve));
    });
    const response = await hasty.fetch(`${DOCUMENTS}/users/7`);
    expect(await problemOf(response)).toEqual([504, 'upstream-timeout']);
    await hungUp;
  });

  it('are in the language of the caller', async () => {
    await gateway.firestore.close();
    const response = await get({ headers: { 'Accept-Language': 'vi' } });
    const body = (await response.json()) as { readonly detail: string };
    expect(body.detail).toMatch(
      /^Hiện không kết nối được với dịch vụ phía sau địa chỉ này\. Hãy thử lại sau giây lát;/,
    );
  });

  it('report a response that is not HTTP', async () => {
    const server = createServer((socket) => socket.resume().end('SSH-2.0-OpenSSH\r\n'));
    const own = await startTestGateway({
      env: { FIRESTORE_EMULATOR_HOST: await listening(server) },
    });
    expect(await problemOf(await own.fetch(`${DOCUMENTS}/users/7`))).toEqual([
      502,
      'upstream-bad-response',
    ]);
    await Promise.all([own.close(), new Promise((resolve) => server.close(resolve))]);
  });
});

describe('a status that cannot be passed on', () => {
  const head = (status: string) =>
    `HTTP/1.1 ${status} Odd\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;

  it.each(['600', '999', '099', '1000', '101', '000'])('is reported: %s', async (status) => {
    const server = createServer();
    const hungUp = new Promise((resolve) => {
      server.on('connection', (socket) => {
        // More than anyone reads by accident.
        const more = (): boolean => socket.write(`10000\r\n${' '.repeat(65_536)}\r\n`);
        socket.on('error', () => undefined).on('close', resolve);
        socket.on('drain', more).once('data', () => {
          socket.write(head(status));
          more();
        });
      });
    });
    const own = await start({ env: { FIRESTORE_EMULATOR_HOST: await listening(server) } });
    const response = await own.fetch(`${DOCUMENTS}/users/7`);
    server.close();
    expect(response.status).toBe(502);
    expect(await problemOf(response)).toEqual([502, 'upstream-bad-response']);
    // The connection is released, not only ignored.
    await hungUp;
  });
});

describe('when a response is interrupted, the gateway', () => {
  it.each([
    ['hangs', 'upstream-timeout', { timeoutMs: SOON_MS }, () => undefined],
    ['breaks', 'upstream-unavailable', {}, (end: () => void) => setImmediate(end)],
  ] as const)('breaks off as well: one that %s', async (_, outcome, effects, then) => {
    const gateway = await start(effects);
    gateway.firestore.answer((response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write('[1');
      then(() => response.destroy());
    });
    const entry = gateway.nextEntry();
    const response = await gateway.fetch(`${DOCUMENTS}/users/7`);
    await expect(response.text()).rejects.toThrow();
    expect(await entry).toMatchObject({ route: 'firestore.get', outcome });
  });

  it.each(['before the response', 'during the response'])(
    'aborts the call when the caller disconnects %s',
    async (when) => {
      const started = await start({ timeoutMs: 60_000 });
      const entry = started.nextEntry();
      let begin: () => void = () => undefined;
      const hungUp = new Promise<void>((resolve) => {
        started.firestore.answer((response) => {
          response.on('close', resolve);
          if (when === 'during the response') {
            response.writeHead(200, { 'Content-Type': 'application/json' });
            response.write('[1');
          }
          begin();
        });
      });
      const arrived = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const outgoing = request(`${started.origin}${DOCUMENTS}/users/7`);
      outgoing.on('error', () => undefined);
      const answered = new Promise((resolve) => outgoing.on('response', resolve));
      outgoing.end();
      await (when === 'during the response' ? answered : arrived);
      outgoing.destroy();
      await hungUp;
      expect(await entry).toMatchObject({ severity: 'INFO', route: 'firestore.get', status: 499 });
    },
  );

  it('serves the next request normally', async () => {
    const gateway = await start();
    gateway.firestore.answer((response) => response.destroy());
    await gateway.fetch(`${DOCUMENTS}/users/7`);
    gateway.firestore.answer((response) =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}'),
    );
    expect((await gateway.fetch(`${DOCUMENTS}/users/7`)).status).toBe(200);
  });
});

describe('when it is misconfigured, the gateway', () => {
  const answerOf = async (env: Record<string, string>, path: string) => {
    const gateway = await startTestGateway({ env });
    const response = await gateway.post(path, {});
    const problem = await problemOf(response);
    await gateway.close();
    return { problem, entry: gateway.entries[0], passedOn: gateway.auth.seen.length };
  };
  const SIGN_IN = '/identitytoolkit/v1/accounts:signInWithCustomToken';

  it.each([
    [{ WEB_API_KEY: 'a key' }, 'WEB_API_KEY is not an API key'],
    [{ GCLOUD_PROJECT: '' }, 'GCLOUD_PROJECT is not set'],
    [{ GCLOUD_PROJECT: '../x' }, 'GCLOUD_PROJECT is not a project id'],
    [
      { FIRESTORE_EMULATOR_HOST: 'evil/x:1' },
      'FIRESTORE_EMULATOR_HOST is not of the form host:port',
    ],
    [{ ALLOWED_ORIGINS: '*' }, /^ALLOWED_ORIGINS must contain only/],
    [{ TIKI_VALIDATION_CODES: 'canary' }, /^TIKI_VALIDATION_CODES must contain only/],
    [{ FIREBASE_AUTH_EMULATOR_HOST: '', WEB_API_KEY: '' }, 'WEB_API_KEY is not set'],
  ])('names the reason in the log alone: %j', async (env, cause) => {
    const { problem, entry, passedOn } = await answerOf(env, SIGN_IN);
    expect(problem).toEqual([500, 'misconfigured']);
    expect(entry).toMatchObject({
      severity: 'ERROR',
      operator: {
        cause: typeof cause === 'string' ? cause : (expect.stringMatching(cause) as string),
      },
    });
    expect(passedOn).toBe(0);
  });

  it('accepts any API key with the emulator', async () => {
    const { problem, passedOn } = await answerOf({ WEB_API_KEY: '' }, SIGN_IN);
    expect([problem[0], passedOn]).toEqual([200, 1]);
  });

  it('reports unexpected errors as internal, without details', async () => {
    const gateway = await startTestGateway({
      newRequestId: () => 'generated-id',
      asking: () => Promise.reject(new TypeError('canary')),
    });
    const response = await gateway.fetch(`${DOCUMENTS}/users/7`);
    expect(response.headers.get('x-request-id')).toBe('generated-id');
    expect(await problemOf(response)).toEqual([500, 'internal']);
    expect(gateway.entries[0]).toMatchObject({ severity: 'ERROR', error: { name: 'TypeError' } });
    await gateway.close();
  });
});

describe('a caller that sends half a request', () => {
  it('does not block others', async () => {
    const gateway = await startTestGateway();
    const { hostname, port } = new URL(gateway.origin);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(`POST ${DOCUMENTS}:commit HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{`);
    expect((await gateway.post(`${DOCUMENTS}:commit`, {})).status).toBe(200);
    socket.destroy();
    await gateway.close();
    expect(gateway.firestore.seen).toHaveLength(1);
  });
});

describe('an idle connection to Google', () => {
  it('is reused', async () => {
    const gateway = await startTestGateway();
    const ports = new Set<number | undefined>();
    gateway.firestore.answer((response) => {
      ports.add(response.socket?.remotePort);
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
    for (let call = 0; call < 3; call += 1) {
      await (await gateway.fetch(`${DOCUMENTS}/users/7`)).text();
    }
    await gateway.close();
    expect(ports.size).toBe(1);
  });
});
