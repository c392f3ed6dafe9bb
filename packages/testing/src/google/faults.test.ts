import { startGoogleFakes, type GoogleFakes } from './google-fakes';

const ASKED = { headers: { 'Metadata-Flavor': 'Google' } };
const ACCOUNT = 'computeMetadata/v1/instance/service-accounts/default';

describe('faults of the fakes', () => {
  let fakes: GoogleFakes;
  beforeAll(async () => {
    fakes = await startGoogleFakes({ accessTokenSeconds: 15 });
  });
  afterAll(() => fakes.close());
  afterEach(() => {
    fakes.metadata.setFault(null);
  });

  const ask = (what: 'email' | 'token') =>
    fetch(`http://${fakes.metadata.address}/${ACCOUNT}/${what}`, ASKED);

  it('affect only the requests chosen by a function', async () => {
    fakes.metadata.setFault(({ url }) => (url.pathname.endsWith('/token') ? 'unavailable' : null));
    expect([(await ask('token')).status, (await ask('email')).status]).toEqual([503, 200]);
  });

  it('can send a malformed body with correct headers', async () => {
    fakes.metadata.setFault('garbage');
    const response = await ask('token');
    expect(response.headers.get('metadata-flavor')).toBe('Google');
    await expect(response.json()).rejects.toThrow(/JSON/);
  });

  it('can delay half of a body', async () => {
    fakes.metadata.setFault({ slowBodyMs: 100 });
    const response = await ask('email');
    const asked = performance.now();
    expect(await response.text()).toBe(fakes.account.email);
    expect(performance.now() - asked).toBeGreaterThan(50);
  });

  it('include a short lifetime of tokens', async () => {
    expect(await (await ask('token')).json()).toMatchObject({ expires_in: 15 });
  });
});
