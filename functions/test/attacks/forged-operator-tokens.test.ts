import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { ServiceAccount } from '@tiki-bridge/testing/google/service-account';
import { faultsOf } from '../openapi/faults-of';
import { json } from '../support/bridge';
import { startProcessBridge, type ProcessBridge } from '../support/process';

const OWN_URL = 'https://asia-southeast1-tiki-bridge-test.cloudfunctions.net/auth';

/** Attack: a stranger reads the state of the bridge at /ready, or passes for an operator. */
describe('forged tokens of operators', () => {
  let bridge: ProcessBridge;
  let operator: ServiceAccount;
  let stranger: ServiceAccount;
  beforeAll(async () => {
    bridge = await startProcessBridge({
      env: (google) => {
        operator = google.addAccount('operator');
        stranger = google.addAccount('stranger');
        return {
          OPERATOR_EMAILS: operator.email,
          EVENTARC_CLOUD_EVENT_SOURCE:
            'projects/tiki-bridge-test/locations/asia-southeast1/services/auth',
        };
      },
    });
  });
  afterAll(() => bridge.close());

  const ready = (headers: Readonly<Record<string, string>>) =>
    fetch(`${bridge.function.origin}/ready`, { headers });
  const statusFor = async (token: string) => (await ready({ 'X-Operator-Token': token })).status;

  /** As Google makes them, except for what is changed. */
  function token(
    account: ServiceAccount,
    changed: {
      readonly claims?: object;
      readonly key?: KeyObject;
      readonly kid?: string;
      /** Seconds. */
      readonly age?: number;
    } = {},
  ): string {
    const { claims, key = createPrivateKey(account.privateKeyPem), kid = account.keyId } = changed;
    const issued = Math.floor(Date.now() / 1_000) - (changed.age ?? 0);
    const payload = {
      iss: 'https://accounts.google.com',
      aud: OWN_URL,
      sub: account.uniqueId,
      email: account.email,
      email_verified: true,
      iat: issued,
      exp: issued + 3_600,
      ...claims,
    };
    const signed = [{ alg: 'RS256', kid, typ: 'JWT' }, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
  }

  /** The same token with another header. */
  const withHeader = (given: string, header: object) =>
    [Buffer.from(JSON.stringify(header)).toString('base64url'), ...given.split('.').slice(1)].join(
      '.',
    );

  it("and genuine ones are not taken while Google's certificates cannot be fetched", async () => {
    bridge.google.oauth.setFault('unavailable');
    const response = await ready({ 'X-Operator-Token': token(operator) });
    bridge.google.oauth.setFault(null);
    expect(await faultsOf('readReadiness', response)).toEqual([]);
    expect([response.status, (await json(response))['code']]).toEqual([
      503,
      'upstream-unavailable',
    ]);
  });

  it('are all answered like an address where nothing is', async () => {
    const genuine = token(operator);
    const [header = '', payload = '', signature = ''] = genuine.split('.');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const forgeries: Record<string, string> = {
      nothing: '',
      'no token': 'a.b.c',
      'no signature': `${header}.${payload}.`,
      'the signature that Cloud Run leaves': `${header}.${payload}.SIGNATURE_REMOVED_BY_GOOGLE`,
      'another payload': `${header}.${token(stranger).split('.')[1] ?? ''}.${signature}`,
      'algorithm none': withHeader(`.${payload}.`, { alg: 'none', kid: operator.keyId }),
      'another algorithm': withHeader(genuine, { alg: 'HS256', kid: operator.keyId }),
      'a key that is not Google’s': token(operator, { key: privateKey }),
      'a key id that is not Google’s': token(operator, { kid: 'unknown' }),
      'a key id of every object': token(operator, { kid: '__proto__' }),
      'another account': token(stranger),
      'another account that calls itself the operator': token(stranger, {
        claims: { email: `${operator.email}.example.com` },
      }),
      'an address that is not verified': token(operator, {
        claims: { email_verified: false },
      }),
      'an address that is verified in words': token(operator, {
        claims: { email_verified: 'true' },
      }),
      'no address': token(operator, { claims: { email: undefined } }),
      'for another service': token(operator, { claims: { aud: 'https://a.run.app' } }),
      'for several services': token(operator, { claims: { aud: [OWN_URL] } }),
      'for nobody': token(operator, { claims: { aud: undefined } }),
      'another issuer': token(operator, { claims: { iss: 'https://accounts.example.com' } }),
      'a Firebase ID token': token(operator, {
        claims: { iss: 'https://securetoken.google.com/tiki-bridge-test', aud: 'tiki-bridge-test' },
      }),
      expired: token(operator, { age: 2 * 3_600 }),
      'not valid yet': token(operator, { age: -3_600 }),
      'without an end': token(operator, { claims: { exp: undefined } }),
      'too long': `${genuine}${'a'.repeat(8_000)}`,
    };
    const passed: string[] = [];
    for (const [name, forged] of Object.entries(forgeries)) {
      if ((await statusFor(forged)) !== 404) passed.push(name);
    }
    expect(passed).toEqual([]);
    // Where Cloud Run may have taken the signature away, and through Hosting.
    const other = await ready({ Authorization: `Bearer ${genuine}` });
    const body = await json(other);
    expect([other.status, body['code']]).toEqual([404, 'not-found']);
    const hosted = { 'X-Operator-Token': genuine, 'X-Forwarded-Host': 'shop.web.app' };
    expect((await ready(hosted)).status).toBe(404);
  });

  it('do not keep the operator from reading what the circuit breakers know', async () => {
    const genuine = token(operator);
    const response = await ready({ 'X-Operator-Token': genuine });
    expect(await faultsOf('readReadiness', response)).toEqual([]);
    expect([response.status, await json(response)]).toEqual([
      200,
      { ready: true, upstreams: { signer: 'closed', tiki: 'closed', firestore: 'not-used' } },
    ]);

    const fault = { kind: 'status', status: 503 } as const;
    for (let caller = 0; caller < 20; caller += 1) {
      const { authCode } = bridge.simulator.issueAuthCode({ customerId: '7', fault });
      await bridge.exchange(authCode, { 'X-Forwarded-For': `203.0.113.${caller}` });
    }
    const later = await ready({ 'X-Operator-Token': genuine });
    expect(await faultsOf('readReadiness', later)).toEqual([]);
    expect([later.status, await json(later)]).toEqual([
      503,
      { ready: false, upstreams: { signer: 'closed', tiki: 'open', firestore: 'not-used' } },
    ]);
  });

  it('are in no log', async () => {
    await bridge.function.stop();
    const written = bridge.function.stdout() + bridge.function.stderr();
    expect(written).toContain('is no valid Google ID token');
    expect(written).not.toMatch(/eyJ/);
  });
});
