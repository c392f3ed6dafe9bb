import { TIKI_PRODUCTION } from '../../../../../functions/src/operator';
import { clinicForEachTest, NOW } from '../fakes/clinic';
import { AT, functionJson, secretJson } from '../fakes/google';
import { type Routes } from '../fakes/internet';
import { PRODUCTION_APP, SANDBOX_APP } from '../fakes/tiki';
import { TIKI_SANDBOX } from './environments';

const TOKEN = 'POST api.tiki.vn/tiniapp-open-api/oauth/auth/token';
const SANDBOX_TOKEN = 'POST api.tiki.vn/tiniapp-sandbox-open-api/oauth/auth/token';
const ANY = 'GET api.tiki.vn/tiniapp-open-api';

/** A function with these credentials, for this environment. */
function deployedWith(
  app: { readonly clientKey: string; readonly clientSecret: string },
  baseUrl: string,
): Routes {
  const environmentVariables = { TIKI_CLIENT_KEY: app.clientKey, TIKI_API_BASE_URL: baseUrl };
  const secret = secretJson(app.clientSecret);
  return {
    [AT.function]: functionJson({ environmentVariables }),
    [AT.secret('3')]: secret,
    [AT.secret('latest')]: secret,
  };
}

const envelope = (status: number, reason: string) => ({
  status,
  body: JSON.stringify({ data: null, error: { code: status, reason, message: 'x' } }),
});

describe("Tiki's opinion of key and secret", () => {
  const clinic = clinicForEachTest();
  const find = (routes: Routes) => clinic.find('tiki-credentials', routes);

  it.each([
    ['production', PRODUCTION_APP, TIKI_PRODUCTION],
    ['sandbox', SANDBOX_APP, TIKI_SANDBOX],
  ])('is good for those of %s there', async (name, app, baseUrl) => {
    expect(await find(deployedWith(app, baseUrl))).toEqual({
      check: 'tiki-credentials',
      state: 'ok',
      message: `Tiki accepts the signature in ${name}`,
    });
  });

  it.each([
    ['sandbox', 'production', SANDBOX_APP, TIKI_PRODUCTION, TIKI_SANDBOX],
    ['production', 'sandbox', PRODUCTION_APP, TIKI_SANDBOX, TIKI_PRODUCTION],
  ])('tells those of %s on %s', async (theirs, here, app, baseUrl, right) => {
    const finding = await find(deployedWith(app, baseUrl));
    expect(finding).toMatchObject({
      state: 'failed',
      message: `key and secret are those of ${theirs}, but TIKI_API_BASE_URL is ${here}`,
    });
    expect(finding?.remedy).toContain(`# TIKI_API_BASE_URL=${right} in functions/.env.tiki-shop`);
  });

  it('is bad in both environments for a wrong secret', async () => {
    const app = { ...PRODUCTION_APP, clientSecret: 'a-wrong-secret' };
    const finding = await find(deployedWith(app, TIKI_PRODUCTION));
    expect(finding?.state).toBe('failed');
    expect(finding?.message).toMatch(/rejects the signature in production and in sandbox: /);
    expect(finding?.remedy).toContain('functions:secrets:set TIKI_CLIENT_SECRET');
  });

  it('is known for one environment only when the other does not answer', async () => {
    const app = { ...PRODUCTION_APP, clientSecret: 'a-wrong-secret' };
    const routes = {
      ...deployedWith(app, TIKI_PRODUCTION),
      [SANDBOX_TOKEN]: { status: 502, body: '' },
    };
    expect((await find(routes))?.message).toMatch(/rejects the signature in production: /);
  });

  it('is asked for in the one environment when the address is none of the two', async () => {
    const routes = {
      ...deployedWith(PRODUCTION_APP, 'https://tiki.example.com'),
      'POST tiki.example.com/oauth/auth/token': envelope(400, 'invalid_signature'),
    };
    expect((await find(routes))?.message).toMatch(/in the configured address: /);
  });

  it.each([
    ['hangs', 'hang' as const, 'no answer within 0.5 s from Tiki', { timeoutMs: 500 }],
    ['is down', { status: 503, body: 'down' }, 'Tiki answers with HTTP status 503', {}],
    ['answers garbage', { status: 200, body: '<html>' }, /documented shape/, {}],
    ['has another reason', envelope(400, 'too_early'), 'Tiki refuses with too_early', {}],
  ])('is not checked when Tiki %s', async (_, answer, message, world) => {
    const finding = await clinic.find('tiki-credentials', { [TOKEN]: answer }, world);
    expect(finding?.state).toBe('not-checked');
    expect(finding?.message).toMatch(message);
  });

  it('is the same whichever HTTP status a refusal has', async () => {
    expect(await find({ [TOKEN]: envelope(200, 'invalid_code') })).toMatchObject({ state: 'ok' });
  });

  it('costs one signed request with a code that is nobody’s', async () => {
    await find({});
    const calls = clinic.internet.calls.filter(({ path }) => path.endsWith('/oauth/auth/token'));
    expect(calls.map(({ body }) => body)).toEqual(['{"code":"ZG9jdG9y.bm90LWEtY29kZQ"}']);
  });
});

describe.each([
  [0, 'ok', /agree on the time/],
  [59_000, 'ok', /agree on the time/],
  [62_000, 'warning', /^this machine is 1 min [123] s behind Tiki$/],
  [-62_000, 'warning', /^this machine is 1 min [123] s ahead of Tiki$/],
  [299_000, 'warning', /behind/],
  [302_000, 'failed', /^this machine is 5 min [123] s behind Tiki: what it signs is refused$/],
  [-10 * 3_600_000, 'failed', /^this machine is 10 hours ahead of Tiki/],
])("with Tiki's clock %i ms ahead", (tikiAheadMs, state, message) => {
  const clinic = clinicForEachTest({ tikiAheadMs });

  it(`the clock is ${state}, and does not pass for a wrong secret`, async () => {
    const findings = await clinic.examine();
    const clock = findings.find(({ check }) => check === 'clock');
    expect(clock?.state).toBe(state);
    expect(clock?.message).toMatch(message);
    expect(clock?.remedy).toBe(
      state === 'ok' ? undefined : 'sudo timedatectl set-ntp true   # in WSL: sudo hwclock -s',
    );
    expect(findings.find(({ check }) => check === 'tiki-credentials')?.state).toBe('ok');
  });
});

describe('the clock', () => {
  const clinic = clinicForEachTest();

  it.each([
    ['darwin', 'sudo sntp -sS time.apple.com'],
    ['win32', 'w32tm /resync'],
  ] as const)('is set on %s with its own command', async (platform, remedy) => {
    const now = () => NOW - 3_600_000;
    expect(await clinic.find('clock', {}, { platform, now })).toMatchObject({ remedy });
  });

  it('is not checked when Tiki does not say what time it is', async () => {
    const undated = { status: 404, headers: { Date: 'some day' }, body: '' };
    expect(await clinic.find('clock', { [ANY]: undated })).toEqual({
      check: 'clock',
      state: 'not-checked',
      message: "Tiki's answer has no date",
    });
  });

  it('is not checked when Tiki hangs', async () => {
    const finding = await clinic.find('clock', { [ANY]: 'hang' }, { timeoutMs: 500 });
    expect(finding).toMatchObject({
      state: 'not-checked',
      message: 'no answer within 0.5 s from Tiki',
    });
  });
});
