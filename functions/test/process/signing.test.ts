import { json } from '../support/bridge';
import { verifyRs256 } from '../support/jwt';
import { startProcessBridge, type ProcessBridge } from '../support/process';
import type { ServiceAccount } from '@tiki-bridge/testing/google/service-account';

const AUDIENCE =
  'https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit';

let bridge: ProcessBridge | undefined;
afterEach(async () => {
  await bridge?.close();
  bridge = undefined;
});

async function login(running: ProcessBridge): Promise<Response> {
  const { authCode } = running.simulator.issueAuthCode({ customerId: '9007199254740993' });
  return running.exchange(authCode);
}

/** Logs in and verifies the token with the account's public key. */
async function expectTokenOf(account: ServiceAccount, running: ProcessBridge): Promise<void> {
  const before = Math.floor(Date.now() / 1000);
  const response = await login(running);
  expect(response.status).toBe(200);
  const { customToken } = await json(response);
  const { header, payload } = verifyRs256(String(customToken), account.publicKeyPem);
  const { iat, exp, ...claims } = payload as Record<string, number>;
  expect(header).toEqual({ alg: 'RS256', typ: 'JWT' });
  expect(claims).toEqual({
    iss: account.email,
    sub: account.email,
    aud: AUDIENCE,
    uid: 'tiki:9007199254740993',
    claims: { provider: 'tiki', tikiCustomerId: '9007199254740993' },
  });
  expect(Number(iat)).toBeGreaterThanOrEqual(before);
  expect(Number(exp)).toBe(Number(iat) + 3600);
}

describe('signing in production', () => {
  it('signs locally with a key file, without any call to Google', async () => {
    bridge = await startProcessBridge({
      env: ({ keyFile }) => ({ GOOGLE_APPLICATION_CREDENTIALS: keyFile }),
    });
    await expectTokenOf(bridge.google.account, bridge);
    expect(bridge.google.iam.calls).toEqual([]);
    expect(bridge.google.metadata.calls).toEqual([]);
    expect(bridge.google.oauth.calls).toEqual([]);
    expect(bridge.function.refusedConnections()).toEqual([]);
  });

  it('discovers its account and signs through IAM', async () => {
    bridge = await startProcessBridge();
    await expectTokenOf(bridge.google.account, bridge);
    expect(bridge.google.iam.calls).toHaveLength(1);
    expect(bridge.function.refusedConnections()).toEqual([]);
  });

  it('signs as an explicit account through IAM', async () => {
    let signer: ServiceAccount | undefined;
    bridge = await startProcessBridge({
      env: (google) => {
        signer = google.addAccount('signer');
        return { SIGNING_SERVICE_ACCOUNT: signer.email };
      },
    });
    if (!signer) throw new Error('no signer');
    await expectTokenOf(signer, bridge);
  });

  it('signs as an explicit account with the access token of a key file of another', async () => {
    let signer: ServiceAccount | undefined;
    bridge = await startProcessBridge({
      env: (google) => {
        signer = google.addAccount('signer');
        return {
          SIGNING_SERVICE_ACCOUNT: signer.email,
          GOOGLE_APPLICATION_CREDENTIALS: google.keyFile,
        };
      },
    });
    if (!signer) throw new Error('no signer');
    await expectTokenOf(signer, bridge);
    expect(bridge.google.oauth.calls).toHaveLength(1);
    expect(bridge.google.metadata.calls).toEqual([]);
  });

  it("signs as an explicit account with a developer's own credentials", async () => {
    let signer: ServiceAccount | undefined;
    bridge = await startProcessBridge({
      env: (google) => {
        signer = google.addAccount('signer');
        return {
          K_SERVICE: '',
          SIGNING_SERVICE_ACCOUNT: signer.email,
          GOOGLE_APPLICATION_CREDENTIALS: google.userFile,
        };
      },
    });
    if (!signer) throw new Error('no signer');
    await expectTokenOf(signer, bridge);
    expect(bridge.google.metadata.calls).toEqual([]);
  });
});

describe('signing that fails', () => {
  /** The code of the response, and the operator note in the log. */
  async function failureOf(running: ProcessBridge) {
    const response = await login(running);
    const body = await json(response);
    await running.function.stop();
    const entry = running.function.logs().find(({ outcome }) => outcome === body['code']);
    return { status: response.status, body, operator: entry?.['operator'] };
  }

  it('explains a disabled IAM Credentials API', async () => {
    bridge = await startProcessBridge();
    bridge.google.iam.setFault('api-disabled');
    const { email } = bridge.google.account;
    const { status, body, operator } = await failureOf(bridge);
    expect([status, body['code']]).toEqual([500, 'signing-denied']);
    expect(operator).toEqual({
      cause: 'The IAM Service Account Credentials API is disabled in this project',
      account: email,
      remedy: 'gcloud services enable iamcredentials.googleapis.com --project tiki-bridge-test',
    });
    expect(JSON.stringify(body)).not.toContain(email);
  });

  it('explains a denied signBlob', async () => {
    bridge = await startProcessBridge();
    bridge.google.iam.setFault('permission-denied');
    const { email } = bridge.google.account;
    const { status, body, operator } = await failureOf(bridge);
    expect([status, body['code']]).toEqual([500, 'signing-denied']);
    expect(operator).toMatchObject({ account: email });
    expect(operator).toHaveProperty(
      'remedy',
      `gcloud iam service-accounts add-iam-policy-binding ${email} ` +
        `--member serviceAccount:${email} --role roles/iam.serviceAccountTokenCreator ` +
        '--project tiki-bridge-test',
    );
  });

  it('explains an account that cannot be determined', async () => {
    bridge = await startProcessBridge({ serviceAccount: 'none' });
    const { status, body, operator } = await failureOf(bridge);
    expect([status, body['code']]).toEqual([500, 'misconfigured']);
    expect(operator).toMatchObject({
      cause: 'The service account that should sign cannot be determined',
    });
    expect(JSON.stringify(operator)).toContain('SIGNING_SERVICE_ACCOUNT=');
  });

  it('explains that an instance without an account cannot call IAM', async () => {
    bridge = await startProcessBridge({
      serviceAccount: 'none',
      env: (google) => ({ SIGNING_SERVICE_ACCOUNT: google.addAccount('signer').email }),
    });
    const { status, body, operator } = await failureOf(bridge);
    expect([status, body['code']]).toEqual([500, 'misconfigured']);
    expect(operator).toMatchObject({
      cause: 'There are no usable Application Default Credentials',
      account: 'signer@tiki-bridge-test.iam.gserviceaccount.com',
    });
  });

  it('explains that an account does not exist', async () => {
    bridge = await startProcessBridge({
      env: () => ({ SIGNING_SERVICE_ACCOUNT: 'nobody@tiki-bridge-test.iam.gserviceaccount.com' }),
    });
    const { status, body, operator } = await failureOf(bridge);
    expect([status, body['code']]).toEqual([500, 'signing-denied']);
    expect(operator).toMatchObject({
      cause: 'The service account that should sign does not exist',
      account: 'nobody@tiki-bridge-test.iam.gserviceaccount.com',
    });
  });

  it.each(['rate-limited', 'internal', 'reset'] as const)(
    'treats %s as transient',
    async (fault) => {
      bridge = await startProcessBridge();
      bridge.google.iam.setFault(fault);
      const { status, body } = await failureOf(bridge);
      expect([status, body['code']]).toEqual([503, 'signing-unavailable']);
    },
  );

  it('responds in time when IAM hangs', async () => {
    bridge = await startProcessBridge();
    bridge.google.iam.setFault('hang');
    const { status, body } = await failureOf(bridge);
    expect([status, body['code']]).toEqual([503, 'signing-unavailable']);
  });

  it('recovers by itself when IAM does', async () => {
    bridge = await startProcessBridge();
    bridge.google.iam.setFault('permission-denied');
    expect((await login(bridge)).status).toBe(500);
    bridge.google.iam.setFault(null);
    expect((await login(bridge)).status).toBe(200);
  });
});

describe('an access token that is not available', () => {
  const hangingToken = ({ url }: { readonly url: URL }) =>
    url.pathname.endsWith('/token') ? 'hang' : null;
  const tokensAskedFor = ({ google }: ProcessBridge) =>
    google.metadata.calls.filter(({ path }) => path.endsWith('/token')).length;
  const codesSpent = ({ simulator }: ProcessBridge) => simulator.calls.length;

  it.each([
    ['while the whole metadata server hangs', 'hang' as const],
    ['while the account is available', hangingToken],
  ])('costs no code or connection and does not affect later logins, %s', async (_, fault) => {
    bridge = await startProcessBridge();
    bridge.google.metadata.setFault(fault);
    const refused = await login(bridge);
    expect([refused.status, (await json(refused))['code']]).toEqual([503, 'signing-unavailable']);
    expect(codesSpent(bridge)).toBe(0);
    await bridge.google.metadata.hungUp();
    bridge.google.metadata.setFault(null);
    await expectTokenOf(bridge.google.account, bridge);
  });

  it('is requested again after an outage or a malformed response', async () => {
    bridge = await startProcessBridge();
    const faults = ['unavailable', 'garbage', 'reset', null] as const;
    let asked = 0;
    bridge.google.metadata.setFault(({ url }) =>
      url.pathname.endsWith('/token') ? (faults[(asked += 1) - 1] ?? null) : null,
    );
    // An outage is retried at once; a malformed response only by the next login.
    expect((await login(bridge)).status).toBe(503);
    await expectTokenOf(bridge.google.account, bridge);
    expect(asked).toBe(4);
  });

  it('is not needed while the old one is valid', async () => {
    // Within the last five minutes of its lifetime from the start.
    bridge = await startProcessBridge({ accessTokenSeconds: 200 });
    await expectTokenOf(bridge.google.account, bridge);
    bridge.google.metadata.setFault('hang');
    const asked = tokensAskedFor(bridge);
    for (let i = 0; i < 3; i += 1) await expectTokenOf(bridge.google.account, bridge);
    await bridge.google.metadata.hungUp();
    expect(tokensAskedFor(bridge)).toBeGreaterThan(asked);
    expect(bridge.google.iam.calls.map(({ outcome }) => outcome)).toEqual([200, 200, 200, 200]);
  });

  it('stops logins only after the old one has expired, until it is available', async () => {
    // Too short to be reused.
    bridge = await startProcessBridge({ accessTokenSeconds: 10 });
    await expectTokenOf(bridge.google.account, bridge);
    bridge.google.metadata.setFault('hang');
    const spent = codesSpent(bridge);
    expect((await login(bridge)).status).toBe(503);
    expect(codesSpent(bridge)).toBe(spent);
    bridge.google.metadata.setFault(null);
    await expectTokenOf(bridge.google.account, bridge);
  });

  it("does not stop logins with another account's key file for longer than it takes", async () => {
    bridge = await startProcessBridge({
      env: (google) => ({
        SIGNING_SERVICE_ACCOUNT: google.addAccount('signer').email,
        GOOGLE_APPLICATION_CREDENTIALS: google.keyFile,
      }),
    });
    bridge.google.oauth.setFault('hang');
    expect((await login(bridge)).status).toBe(503);
    bridge.google.oauth.setFault(null);
    expect((await login(bridge)).status).toBe(200);
  });
});

describe('an access token that Google refuses', () => {
  /** Rejects the first token, as if revoked; optionally all tokens. */
  function refuse(running: ProcessBridge, all: boolean): void {
    let first: string | undefined;
    running.google.iam.setFault(({ headers: { authorization } }) => {
      first ??= authorization;
      return all || authorization === first ? 'unauthenticated' : null;
    });
  }
  const tokensAskedFor = ({ google }: ProcessBridge) =>
    google.metadata.calls.filter(({ path }) => path.endsWith('/token')).length;

  it('is dropped, and the login signs with a new one', async () => {
    bridge = await startProcessBridge();
    refuse(bridge, false);
    await expectTokenOf(bridge.google.account, bridge);
    expect(bridge.google.iam.calls.map(({ outcome }) => outcome)).toEqual([401, 200]);
    // The new one serves from then on.
    await expectTokenOf(bridge.google.account, bridge);
    expect(bridge.google.iam.calls.map(({ outcome }) => outcome)).toEqual([401, 200, 200]);
    expect(tokensAskedFor(bridge)).toBe(2);
  });

  it('is dropped by each login that meets it, signed twice at most, until IAM recovers', async () => {
    bridge = await startProcessBridge();
    refuse(bridge, true);
    for (let i = 0; i < 2; i += 1) {
      const response = await login(bridge);
      expect([response.status, (await json(response))['code']]).toEqual([
        503,
        'signing-unavailable',
      ]);
    }
    expect(bridge.google.iam.calls).toHaveLength(4);
    bridge.google.iam.setFault(null);
    await expectTokenOf(bridge.google.account, bridge);
  });
});

describe('requests in production', () => {
  it('rejects malformed JSON with a problem, without quoting it in the log', async () => {
    bridge = await startProcessBridge();
    const response = await fetch(`${bridge.function.origin}/auth_exchange`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"code":"canary-code"x}',
    });
    expect([response.status, await json(response)]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid-request', detail: 'The body is not JSON.' }),
    ]);
    await bridge.function.stop();
    const written = bridge.function.stdout() + bridge.function.stderr();
    expect(written).toContain('auth_exchange: invalid-request');
    expect(written).not.toContain('canary');
  });

  it('responds with 404 to a path that cannot be decoded, and does not log it', async () => {
    bridge = await startProcessBridge();
    const response = await fetch(`${bridge.function.origin}/canary_%ff`, { method: 'POST' });
    expect([response.status, (await json(response))['code']]).toEqual([404, 'not-found']);
    await bridge.function.stop();
    const written = bridge.function.stdout() + bridge.function.stderr();
    expect(written).toContain('unknown: not-found');
    expect(written).not.toMatch(/node_modules|\.js:\d/);
    expect(written).not.toContain('canary');
  });

  it('logs one entry with the trace of the request', async () => {
    bridge = await startProcessBridge();
    const { authCode } = bridge.simulator.issueAuthCode({ customerId: '7' });
    await bridge.exchange(authCode, {
      'X-Request-Id': 'request-0001',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    });
    await bridge.function.stop();
    const entries = bridge.function.logs().filter(({ requestId }) => requestId === 'request-0001');
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      severity: 'INFO',
      message: 'auth_exchange: ok',
      route: 'auth_exchange',
      outcome: 'ok',
      status: 200,
      uid: 'tiki:7',
      ms: {
        total: expect.any(Number) as number,
        tiki: expect.any(Number) as number,
        signing: expect.any(Number) as number,
      },
      'logging.googleapis.com/trace':
        'projects/tiki-bridge-test/traces/4bf92f3577b34da6a3ce929d0e0e4736',
    });
  });
});
