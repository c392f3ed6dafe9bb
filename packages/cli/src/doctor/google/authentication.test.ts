import { clinicForEachTest } from '../fakes/clinic';
import { apiDisabled, apiJson, AT, googleError } from '../fakes/google';

const clinic = clinicForEachTest();

const SET_UP =
  '# https://console.firebase.google.com/project/tiki-shop/authentication\n' +
  '# "Get started" there is all: no sign-in provider has to be enabled. Then\n' +
  'npm run doctor -- --project tiki-shop';

describe('Firebase Authentication', () => {
  const disabled = apiDisabled('identitytoolkit.googleapis.com');

  it('is set up, with a limit on new accounts to know of', async () => {
    expect(await clinic.find('authentication')).toEqual({
      check: 'authentication',
      state: 'ok',
      message:
        'Firebase Authentication is set up; unless raised, it creates 100 accounts an hour and ' +
        'address (docs/growth.md)',
    });
  });

  it('fails when nobody has set it up', async () => {
    const routes = { [AT.authentication]: googleError(404, 'NOT_FOUND') };
    expect(await clinic.find('authentication', routes)).toEqual({
      check: 'authentication',
      state: 'failed',
      message:
        'Firebase Authentication is not set up: custom tokens are refused (CONFIGURATION_NOT_FOUND)',
      remedy: SET_UP,
    });
  });

  it('fails when its API is not enabled in the project', async () => {
    const routes = {
      [AT.authentication]: disabled,
      [AT.identityToolkitApi]: apiJson('identitytoolkit', 'DISABLED'),
    };
    expect(await clinic.find('authentication', routes)).toEqual({
      check: 'authentication',
      state: 'failed',
      message: 'the API of Firebase Authentication is not enabled: nobody can sign in',
      remedy: `gcloud services enable identitytoolkit.googleapis.com --project tiki-shop\n${SET_UP}`,
    });
  });

  it('is not checked when the API is disabled only where the requests count', async () => {
    expect(await clinic.find('authentication', { [AT.authentication]: disabled })).toMatchObject({
      state: 'not-checked',
    });
  });

  it('shows nothing of its configuration', async () => {
    expect(JSON.stringify(await clinic.examine())).not.toContain('a-web-api-key');
  });
});
