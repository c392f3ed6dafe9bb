import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccessTokens } from '@tiki-bridge/testing/google/access-tokens';
import type { LoopbackFake } from '@tiki-bridge/testing/google/loopback-fake';
import { startMetadataServer } from '@tiki-bridge/testing/google/metadata-server';
import { makeServiceAccount } from '@tiki-bridge/testing/google/service-account';
import { verifyRs256 } from '../../test/support/jwt';
import { systemClock } from '../clock';
import { httpClient } from '../upstream/http-client';
import { runtimeCredentials } from './runtime-account';
import { openSigner } from './signer';

const account = makeServiceAccount('signer', 'demo');
const other = 'other@demo.iam.gserviceaccount.com';

const http = httpClient(systemClock);
const opened = (explicit: string | undefined, keyFile: string | undefined) =>
  openSigner({
    account: explicit,
    keyFile,
    projectId: 'demo',
    runtime: runtimeCredentials(http, systemClock),
  });

describe('openSigner', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'signer-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function file(content: unknown): string {
    const path = join(folder, 'credentials.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }
  const open = (content: unknown, explicit?: string) => opened(explicit, file(content));

  it.each([undefined, account.email])(
    'signs with a key file itself (explicit: %s)',
    async (explicit) => {
      const signer = await open(account.keyFile, explicit);
      const token = await signer.createCustomToken('tiki:1', { provider: 'tiki' });
      expect(verifyRs256(token, account.publicKeyPem).payload).toMatchObject({
        iss: account.email,
        uid: 'tiki:1',
      });
      expect(await signer.accounts()).toEqual({
        signsAs: account.email,
        callsAs: account.email,
        projectId: 'demo',
      });
    },
  );

  it('leaves signing as another account to IAM', async () => {
    const signer = await open(account.keyFile, other);
    expect(await signer.accounts()).toMatchObject({ signsAs: other, callsAs: account.email });
  });

  it("does not take a user's credentials for a key", async () => {
    const user = {
      type: 'authorized_user',
      client_id: 'a',
      client_secret: 'b',
      refresh_token: 'c',
    };
    const signer = await open(user, other);
    expect(await signer.accounts()).toMatchObject({ signsAs: other });
  });

  describe('on Cloud Run', () => {
    let metadata: LoopbackFake<'unavailable'>;
    const start = async (attached: boolean) => {
      metadata = await startMetadataServer({
        projectId: 'demo',
        account: attached ? account : null,
        tokens: createAccessTokens({ now: Date.now, lifetimeSeconds: 3599 }),
        now: Date.now,
      });
      Object.assign(process.env, { K_SERVICE: 'auth', GCE_METADATA_HOST: metadata.address });
    };
    afterEach(async () => {
      delete process.env['K_SERVICE'];
      delete process.env['FUNCTIONS_EMULATOR'];
      delete process.env['GCE_METADATA_HOST'];
      http.close();
      await metadata.close();
    });
    const openThere = (explicit?: string) => opened(explicit, undefined);

    it('is the account that the instance runs as', async () => {
      await start(true);
      const signer = await openThere();
      await signer.ready();
      expect(await signer.accounts()).toEqual({
        signsAs: account.email,
        callsAs: account.email,
        projectId: 'demo',
      });
    });

    it('does not ask the metadata server in the Functions emulator, which sets the same variable', async () => {
      await start(true);
      process.env['FUNCTIONS_EMULATOR'] = 'true';
      await (await openThere()).ready();
      expect(metadata.calls).toEqual([]);
    });

    it('calls as that account where another one signs', async () => {
      await start(true);
      expect(await (await openThere(other)).accounts()).toMatchObject({
        signsAs: other,
        callsAs: account.email,
      });
    });

    it('says how to name an account where the instance has none', async () => {
      await start(false);
      await expect(openThere()).rejects.toMatchObject({
        code: 'misconfigured',
        extras: {
          operator: {
            remedy: expect.stringContaining('@demo.iam.gserviceaccount.com') as string,
          },
        },
      });
    });

    it('is not ready without an access token', async () => {
      await start(false);
      const signer = await openThere(other);
      await expect(signer.ready()).rejects.toThrow('404 for token');
      expect(await signer.accounts()).toMatchObject({ signsAs: other, callsAs: undefined });
    });
  });

  it.each([
    ['no JSON', '{"private_key": "canary'],
    ['no object', '[]'],
    ['no type', '{}'],
    ['no key', { type: 'service_account', client_email: account.email }],
    ['a broken key', { ...account.keyFile, private_key: 'canary' }],
  ])('refuses a file with %s without quoting it', async (_, content) => {
    const failure: unknown = await open(content).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'misconfigured',
      extras: { operator: { account: 'GOOGLE_APPLICATION_CREDENTIALS' } },
    });
    expect(JSON.stringify((failure as { extras: unknown }).extras)).not.toContain('canary');
  });
});
