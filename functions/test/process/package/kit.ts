import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFunction } from '@tiki-bridge/testing/google/framework';
import { packed } from './packed';

/** As `firebase functions:kits:install` writes it, after its build. */
const WRAPPER = {
  'package.json': '{"name":"tiki-wrapper","main":"lib/index.js","engines":{"node":"24"}}',
  'lib/index.js': `
    const { setGlobalOptions } = require('firebase-functions');
    setGlobalOptions({ region: 'asia-southeast1' });
    Object.assign(exports, require('tiki-firebase-bridge'));`,
};

describe('a function kit', () => {
  let source: string;
  beforeAll(() => {
    source = mkdtempSync(join(tmpdir(), 'kit-'));
    packed().installIn(source, WRAPPER);
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
