import { startTikiSimulator } from '@tiki-bridge/tiki-simulator/server';
import { json, startTestBridge } from '../support/bridge';

/**
 * Attack: a code issued to another Tini App, or a token obtained with one, is sent to this bridge, or
 * the bridge runs with the credentials of another app.
 */
describe('a code of another app', () => {
  it('is rejected', async () => {
    const [bridge, otherApp] = await Promise.all([
      startTestBridge(),
      startTikiSimulator({ clientKey: 'other-app', clientSecret: 'other-secret' }),
    ]);
    const { authCode } = otherApp.issueAuthCode({ customerId: '7' });
    const response = await bridge.post('/auth_exchange', { code: authCode });
    await Promise.all([bridge.close(), otherApp.close()]);
    expect([response.status, (await json(response))['code']]).toEqual([401, 'invalid-code']);
  });

  it("is rejected as the other app's refresh token, which stays valid", async () => {
    const credentials = { clientKey: 'other-app', clientSecret: 'other-secret' };
    const [bridge, otherApp] = await Promise.all([
      startTestBridge(),
      startTestBridge({
        simulator: credentials,
        env: {
          TIKI_CLIENT_KEY: credentials.clientKey,
          TIKI_CLIENT_SECRET: credentials.clientSecret,
          TIKI_TOKENS_TO_CLIENT: 'true',
        },
      }),
    ]);
    const login = await json(await otherApp.login({ customerId: '7', scopes: ['offline'] }));
    const { refreshToken } = login['tiki'] as { readonly refreshToken: string };
    const refresh = { refresh_token: refreshToken };
    const here = await bridge.post('/auth_refresh', refresh);
    const there = await otherApp.post('/auth_refresh', refresh);
    await Promise.all([bridge.close(), otherApp.close()]);
    expect([here.status, (await json(here))['code']]).toEqual([401, 'invalid-token']);
    expect([there.status, (await json(there))['uid']]).toEqual([200, 'tiki:7']);
  });

  it.each([
    ['key', { TIKI_CLIENT_KEY: 'other-app' }],
    ['secret', { TIKI_CLIENT_SECRET: 'other-secret' }],
  ])('opens nothing with a wrong %s, and leaves the code unspent', async (_, env) => {
    const bridge = await startTestBridge({ env });
    const { authCode } = bridge.simulator.issueAuthCode({ customerId: '7' });
    const response = await bridge.post('/auth_exchange', { code: authCode });
    const outcome = bridge.simulator.calls.at(-1)?.outcome;
    await bridge.close();
    expect([response.status, (await json(response))['code']]).toEqual([
      500,
      'tiki-rejected-signature',
    ]);
    expect(outcome).toBe('invalid_signature');
  });
});
