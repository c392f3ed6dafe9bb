import { clinicForEachTest, healthyWorld } from '../fakes/clinic';
import { apiJson, AT, functionJson, googleError } from '../fakes/google';

const clinic = clinicForEachTest();

describe('the App Check API', () => {
  const APP_ID = '1:4711:web:abc123';
  const wanted = {
    [AT.function]: functionJson({
      environmentVariables: { TIKI_CLIENT_KEY: 'production-key', APP_CHECK_APP_ID: APP_ID },
    }),
  };
  const turnedOff = { [AT.appCheckApi]: apiJson('firebaseappcheck', 'DISABLED') };
  const asked = () =>
    clinic.internet.calls.some(({ path }) => path.endsWith('firebaseappcheck.googleapis.com'));

  it('is not asked for where no App Check token is wanted', async () => {
    expect(await clinic.find('app-check-api', turnedOff)).toMatchObject({
      state: 'ok',
      message: 'not needed: APP_CHECK_APP_ID is not set',
    });
    expect(asked()).toBe(false);
  });

  it('is fine when it is enabled', async () => {
    expect(await clinic.find('app-check-api', wanted)).toMatchObject({
      state: 'ok',
      message: 'enabled',
    });
    expect(asked()).toBe(true);
  });

  it('is warned of when it is wanted and not enabled: logins go on without', async () => {
    expect(await clinic.find('app-check-api', { ...wanted, ...turnedOff })).toEqual({
      check: 'app-check-api',
      state: 'warning',
      message: 'not enabled, so logins get no App Check token',
      remedy: 'gcloud services enable firebaseappcheck.googleapis.com --project tiki-shop',
    });
  });

  it('is looked at before the first deployment, by the parameter file', async () => {
    const { readFile } = healthyWorld({
      'functions/.env.tiki-shop': `TIKI_CLIENT_KEY=k\nAPP_CHECK_APP_ID=${APP_ID}\n`,
    });
    const routes = { [AT.function]: googleError(404, 'NOT_FOUND'), ...turnedOff };
    expect(await clinic.find('app-check-api', routes, { readFile })).toMatchObject({
      state: 'warning',
    });
  });

  it('is not checked when Google does not tell', async () => {
    const routes = { ...wanted, [AT.appCheckApi]: googleError(503, 'UNAVAILABLE') };
    expect(await clinic.find('app-check-api', routes)).toMatchObject({ state: 'not-checked' });
  });
});
