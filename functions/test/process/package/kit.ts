import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFunction } from '@tiki-bridge/testing/google/framework';
import { KIT, packed } from './packed';

describe('a function kit', () => {
  let source: string;
  beforeAll(() => {
    source = mkdtempSync(join(tmpdir(), 'kit-'));
    packed().installIn(source, KIT);
  });
  afterAll(() => {
    rmSync(source, { recursive: true, force: true });
  });

  it('names its functions, its secret and its folder in remedies', async () => {
    const running = await startFunction({
      source,
      env: {
        GCLOUD_PROJECT: 'shop',
        FIREBASE_KIT_INSTANCE_ID: 'login',
        K_SERVICE: 'kit-login-auth',
      },
    });
    const response = await fetch(`${running.origin}/auth_exchange`, { method: 'POST' });
    await running.stop();

    expect(response.status).toBe(500);
    expect(running.logs()).toHaveLength(1);
    const [entry] = running.logs() as [{ operator: { cause: string; remedy: string } }];
    expect(entry.operator.cause).toContain('TIKI_CLIENT_SECRET is not set');
    for (const part of [
      'functions:secrets:set kit-login-TIKI_CLIENT_SECRET --project shop',
      'function-kits/<kit>/config-login/.env.shop',
      '--only functions:login:kit-login-auth --project shop',
    ]) {
      expect(entry.operator.remedy).toContain(part);
    }
  });
});
