import type { Finding } from '../finding';
import { clinicForEachTest } from '../fakes/clinic';

const clinic = clinicForEachTest();

const DOMAIN = 'shop.example.com';
const FUNCTION = 'auth-k3yq7x2n5a-as.a.run.app';
const CONNECT =
  '# is it connected, and its certificate ready?\n' +
  '# https://console.firebase.google.com/project/tiki-shop/hosting/sites';
const DEPLOY = 'npx firebase deploy --only functions:tiki-bridge:auth --project tiki-shop';

/** The finding if every connection to a host fails with this error of Node's fetch. */
async function findBroken(
  host: string,
  code: string,
): Promise<(check: string) => Finding | undefined> {
  const { internet } = clinic;
  const findings = await clinic.examine(
    {},
    {
      fetch: (url, init) =>
        new URL(url).host === host
          ? Promise.reject(new TypeError('fetch failed', { cause: { code } }))
          : internet.fetch(url, init),
    },
    { domain: `https://${DOMAIN}` },
  );
  return (check) => findings.find((finding) => finding.check === check);
}

/** The check of each host, and the fix. */
const WAYS = [
  ['hosting', DOMAIN, CONNECT],
  ['gateway-hosting', DOMAIN, CONNECT],
  ['validation-file', DOMAIN, CONNECT],
  ['function-answers', FUNCTION, DEPLOY],
] as const;

describe.each(WAYS)('%s', (check, host, fix) => {
  it('fails when the name has no address', async () => {
    const finding = (await findBroken(host, 'ENOTFOUND'))(check);
    expect(finding).toEqual({
      check,
      state: 'failed',
      message: `the name ${host} has no address (ENOTFOUND)`,
      remedy: `nslookup ${host}\n${fix}`,
    });
  });

  it('fails when nobody listens there', async () => {
    const finding = (await findBroken(host, 'ECONNREFUSED'))(check);
    expect(finding).toEqual({
      check,
      state: 'failed',
      message: `nobody listens at ${host} (ECONNREFUSED)`,
      remedy: `curl -vI https://${host}\n${fix}`,
    });
  });

  it('fails when its certificate has expired, unless it is the clock', async () => {
    const finding = (await findBroken(host, 'CERT_HAS_EXPIRED'))(check);
    expect(finding).toEqual({
      check,
      state: 'failed',
      message: `the certificate of ${host} is not accepted (CERT_HAS_EXPIRED)`,
      remedy: `curl -vI https://${host}   # is the clock of this machine right?\n${fix}`,
    });
  });
});

it.each([
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])('fails for %s as well', async (code) => {
  const finding = (await findBroken(DOMAIN, code))('hosting');
  expect(finding).toMatchObject({ state: 'failed' });
  expect(finding?.message).toContain(`(${code})`);
});

it.each([
  ['EAI_AGAIN', 'DNS could not be asked'],
  ['ENETUNREACH', 'this machine has no network'],
  ['ECONNRESET', 'it broke on the way'],
  ['SELF_SIGNED_CERT_IN_CHAIN', "a company's proxy reads along"],
])('is not checked after %s: perhaps %s', async (code) => {
  expect((await findBroken(DOMAIN, code))('hosting')).toEqual({
    check: 'hosting',
    state: 'not-checked',
    message: `no connection (${code}) from https://${DOMAIN}`,
  });
});
