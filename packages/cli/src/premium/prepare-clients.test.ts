import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeCertificates } from '@tiki-bridge/testing/google/certificates';
import { startGoogleFakes, type GoogleFakes } from '@tiki-bridge/testing/google/google-fakes';
import { USER_CREDENTIALS } from '@tiki-bridge/testing/google/oauth-token';
import { runBridge } from '../run';

const FIRESTORE = 'firestore.googleapis.com';
const AUTH = 'identitytoolkit.googleapis.com';
const NOBODY = '127.0.0.1:1';
const MAP_HOSTS = require.resolve('@tiki-bridge/testing/google/map-hosts.cjs');

/** A gRPC message: a BatchGetDocumentsResponse with `missing` and a `read_time`. */
function missing(document: string): Buffer {
  const name = Buffer.from(document);
  const message = Buffer.from([0x12, name.length, ...name, 0x22, 2, 0x08, 1]);
  return Buffer.from([0, 0, 0, 0, message.length, ...message]);
}

/** Has no documents, and keeps the headers of every call. */
async function startFirestore() {
  const tls = await makeCertificates([FIRESTORE]);
  const asked: http2.IncomingHttpHeaders[] = [];
  const server = http2.createSecureServer({ key: tls.keyPem, cert: tls.certPem });
  server.on('stream', (stream, headers) => {
    asked.push(headers);
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => {
      stream.sendTrailers({ 'grpc-status': '0' });
    });
    stream.end(missing('projects/tiki-shop/databases/(default)/documents/entitlements/tiki:1'));
  });
  // gRPC resolves names itself, unless a proxy does.
  const proxy = http.createServer().on('connect', (_request, socket) => {
    const { port } = server.address() as AddressInfo;
    const through = net.connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(through).pipe(socket);
    });
  });
  for (const each of [server, proxy]) await once(each.listen(0, '127.0.0.1'), 'listening');
  const { port } = proxy.address() as AddressInfo;
  return {
    asked,
    caPem: tls.caPem,
    proxy: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = [server, proxy].map((each) => once(each, 'close'));
      server.close();
      proxy.close();
      await Promise.all(closed);
    },
  };
}

describe('npm run premium on a real project', () => {
  let google: GoogleFakes;
  let firestore: Awaited<ReturnType<typeof startFirestore>>;
  let folder: string;
  beforeEach(async () => {
    [google, firestore] = await Promise.all([startGoogleFakes(), startFirestore()]);
    folder = mkdtempSync(path.join(tmpdir(), 'premium-'));
    writeFileSync(path.join(folder, 'ca.pem'), firestore.caPem);
  });
  afterEach(async () => {
    await Promise.all([google.close(), firestore.close()]);
    rmSync(folder, { recursive: true });
  });

  /** The quota project of the first call. */
  async function quotaProjectOf(
    credentials: object,
    env: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const file = path.join(folder, 'credentials.json');
    writeFileSync(file, JSON.stringify(credentials));
    const ended = await runBridge(['premium', 'show', 'tiki:1', '--project', 'tiki-shop'], {
      NODE_EXTRA_CA_CERTS: google.caFile,
      NODE_OPTIONS: `--require ${MAP_HOSTS}`,
      MAP_HOSTS: JSON.stringify({ ...google.mapHosts, [`${AUTH}:443`]: NOBODY }),
      grpc_proxy: firestore.proxy,
      GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: path.join(folder, 'ca.pem'),
      GOOGLE_APPLICATION_CREDENTIALS: file,
      ...env,
    });
    expect(ended).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('tiki-shop') as string,
      // Firestore has answered, and Firebase Auth is called next.
      stderr: expect.stringContaining('Failed (account-unavailable)') as string,
    });
    const [first] = firestore.asked;
    expect(first?.authorization).toMatch(/^Bearer /);
    return first?.['x-goog-user-project'];
  }

  it("counts a person's calls against the project, as Google wants it", async () => {
    expect(await quotaProjectOf(USER_CREDENTIALS)).toBe('tiki-shop');
  });

  it('leaves what the login or the environment names', async () => {
    const named = { ...USER_CREDENTIALS, quota_project_id: 'by-login' };
    expect(await quotaProjectOf(named)).toBe('by-login');
    firestore.asked.length = 0;
    const env = { GOOGLE_CLOUD_QUOTA_PROJECT: 'by-environment' };
    expect(await quotaProjectOf(named, env)).toBe('by-environment');
  });

  it('says how to sign in where there are no credentials, without asking Firestore', async () => {
    const env = { HOME: folder, METADATA_SERVER_DETECTION: 'none', grpc_proxy: firestore.proxy };
    const args = ['premium', 'show', 'tiki:1', '--project', 'tiki-shop'];
    expect(await runBridge(args, env)).toMatchObject({
      code: 1,
      stderr:
        'Failed (store-unavailable): there are no Application Default Credentials on this ' +
        'machine; run gcloud auth application-default login\n',
    });
    expect(firestore.asked).toEqual([]);
  });

  it('fails in one line without usable credentials, and quotes nothing of them', async () => {
    const file = path.join(folder, 'credentials.json');
    writeFileSync(file, 'not-json-but-secret');
    const env = { GOOGLE_APPLICATION_CREDENTIALS: file };
    const ended = await runBridge(['premium', 'show', 'tiki:1', '--project', 'tiki-shop'], env);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^Failed \(store-unavailable\): .* is not JSON; .*gcloud auth application-default login\n$/,
      ) as string,
    });
    expect(ended.stderr).not.toContain('secret');
    expect(firestore.asked).toEqual([]);
  });

  it('says what to run without any credentials', async () => {
    const env = {
      GOOGLE_APPLICATION_CREDENTIALS: '',
      CLOUDSDK_CONFIG: folder,
      METADATA_SERVER_DETECTION: 'none',
    };
    expect(
      await runBridge(['premium', 'show', 'tiki:1', '--project', 'tiki-shop'], env),
    ).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^Failed .*no Application Default Credentials.*; run gcloud auth application-default login\n$/,
      ) as string,
    });
  });

  it('asks nothing of the kind for a service account', async () => {
    expect(await quotaProjectOf(google.account.keyFile)).toBeUndefined();
  });
});
