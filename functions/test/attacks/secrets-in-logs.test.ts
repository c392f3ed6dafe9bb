import type { Fault } from '@tiki-bridge/tiki-simulator/server';
import { CLIENT_SECRET, json } from '../support/bridge';
import { startProcessBridge, type ProcessBridge } from '../support/process';

/**
 * Attack: a reader of the logs finds credentials. Sends every secret in requests with every possible
 * outcome, then searches everything that the process wrote.
 */
describe('secrets in logs', () => {
  const canaries = new Set<string>([CLIENT_SECRET]);
  let bridge: ProcessBridge;
  let written: string;

  const faults: (Fault | undefined)[] = [
    undefined,
    { kind: 'missing-customer' },
    { kind: 'status', status: 500, body: 'canary-upstream-body' },
    { kind: 'reset' },
    { kind: 'reset-after-headers' },
    { kind: 'redirect', location: 'http://127.0.0.1:1/canary-upstream-body' },
    { kind: 'garbage' },
    { kind: 'html' },
    { kind: 'wrong-types' },
    { kind: 'oversized', bytes: 100_000 },
    { kind: 'error-envelope', reason: 'invalid_code', message: 'canary-upstream-body' },
    { kind: 'error-envelope', reason: 'invalid_signature', message: 'canary-upstream-body' },
    { kind: 'raw', status: 200, headers: {}, body: '{"data":"canary-upstream-body"' },
  ];

  beforeAll(async () => {
    canaries.add('canary-upstream-body');
    bridge = await startProcessBridge({ env: () => ({ TIKI_TOKENS_TO_CLIENT: 'true' }) });
    const post = async (path: string, body: Record<string, string>) => {
      Object.values(body).forEach((value) => canaries.add(value));
      const response = await fetch(bridge.function.origin + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: 'Bearer canary-header' },
        body: JSON.stringify(body),
      });
      return json(response);
    };
    canaries.add('canary-header');
    for (const fault of faults) {
      const { authCode } = bridge.simulator.issueAuthCode({
        customerId: '7',
        scopes: ['offline'],
        ...(fault && { fault }),
      });
      const body = await post('/auth_exchange', { code: authCode });
      const { accessToken, refreshToken } = (body['tiki'] ?? {}) as Record<string, string>;
      const { customToken } = body;
      if (typeof customToken === 'string') canaries.add(customToken);
      if (accessToken === undefined || refreshToken === undefined) continue;
      await post('/auth_info', { access_token: accessToken });
      await post('/auth_refresh', { refresh_token: refreshToken });
      await post('/auth_refresh', { refresh_token: refreshToken });
    }
    for (const fault of ['permission-denied', 'api-disabled', 'reset'] as const) {
      bridge.google.iam.setFault(fault);
      const { authCode } = bridge.simulator.issueAuthCode({ customerId: '7' });
      await post('/auth_exchange', { code: authCode });
    }
    // Tiki or a caller repeats the code in text that is logged.
    for (const where of ['reason', 'service_code', 'request_id'] as const) {
      const code = `canary-echo-${where}.code`;
      const metadata = { [where]: code };
      const reason = where === 'reason' ? code : 'invalid_code';
      bridge.simulator.setFault({
        path: '/oauth/auth/token',
        fault: { kind: 'error-envelope', reason, metadata },
      });
      canaries.add(code);
      await bridge.exchange(code);
    }
    await bridge.exchange('canary-echo-header', { 'X-Request-Id': 'canary-echo-header' });
    canaries.add('canary-echo-header');
    await post('/auth_exchange', { code: 'canary code with spaces' });
    await post('/auth_exchange', { code: 'canary-unknown-code' });
    for (const [type, body] of [
      ['application/json', '{"code":"canary-malformed'],
      ['application/json; charset=canary-charset', '{"code":"canary-malformed"}'],
      ['text/plain', 'canary-malformed'],
    ] as const) {
      canaries.add('canary-malformed');
      await fetch(`${bridge.function.origin}/auth_exchange`, {
        method: 'POST',
        headers: { 'Content-Type': type },
        body,
      });
    }
    for (const call of bridge.simulator.calls) if (call.signature) canaries.add(call.signature);
    for (const call of bridge.google.iam.calls)
      if (call.authorization) canaries.add(call.authorization);
    await bridge.close();
    written = bridge.function.stdout() + bridge.function.stderr();
  });

  it('has output to search and secrets to search for', () => {
    expect(canaries.size).toBeGreaterThan(40);
    expect(bridge.function.logs().length).toBeGreaterThan(faults.length);
    const outcomes = new Set(bridge.function.logs().map(({ outcome }) => outcome));
    for (const outcome of ['ok', 'invalid-code', 'tiki-bad-response', 'signing-denied']) {
      expect(outcomes).toContain(outcome);
    }
  });

  it('contains none of them, plain, encoded or in part', () => {
    for (const canary of canaries) {
      for (const form of [
        canary,
        encodeURIComponent(canary),
        Buffer.from(canary).toString('base64url'),
        ...canary.split('.').filter((part) => part.length > 20),
      ]) {
        expect(written.includes(form) ? form : undefined).toBeUndefined();
      }
    }
  });
});
