import { json } from '../support/bridge';
import { startProcessBridge, type ProcessBridge } from '../support/process';

const APP_ID = '1:123456789:web:0a1b2c3d';

describe('a login with App Check', () => {
  let bridge: ProcessBridge;
  beforeEach(async () => {
    bridge = await startProcessBridge({ env: () => ({ APP_CHECK_APP_ID: APP_ID }) });
  });
  afterEach(() => bridge.close());

  const login = () => bridge.exchange(bridge.simulator.issueAuthCode({ customerId: '7' }).authCode);

  it('returns an App Check token for the Tini App', async () => {
    expect(await json(await login())).toMatchObject({
      uid: 'tiki:7',
      appCheckToken: `app-check-token-for-tiki-bridge-test-${APP_ID}`,
      appCheckExpiresIn: 3600,
    });
  });

  it.each(['unavailable', 'reset', 'hang'] as const)(
    'continues without one, and logs that, when App Check fails: %s',
    async (fault) => {
      bridge.google.appCheck.setFault(fault);
      const response = await login();
      expect(response.status).toBe(200);
      const body = await json(response);
      expect(body).toMatchObject({ uid: 'tiki:7' });
      expect(body).not.toHaveProperty('appCheckToken');
      await bridge.function.stop();
      const entry = bridge.function.logs().find(({ outcome }) => outcome === 'ok');
      expect(entry).toMatchObject({
        severity: 'WARNING',
        appCheck: { name: expect.any(String) as string },
      });
    },
  );
});
