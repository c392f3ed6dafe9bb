import { clinicForEachTest, healthyWorld } from '../fakes/clinic';
import { AT, functionJson, PROJECT, secretJson } from '../fakes/google';
import type { Routes } from '../fakes/internet';

const clinic = clinicForEachTest();

const ENVIRONMENT = {
  GCLOUD_PROJECT: PROJECT,
  PRIVATE_BACKEND_URL: 'https://api-abc-as.a.run.app',
  WEB_API_KEY: 'a-web-api-key',
};
const REFERENCE = { key: 'SESSION_KEYS', projectId: PROJECT, secret: 'SESSION_KEYS', version: '1' };

/** A project with a private backend, with changes to the function. */
const withBackend = (changes: Parameters<typeof functionJson>[0] = {}): Routes => ({
  [AT.backend]: functionJson(
    { environmentVariables: ENVIRONMENT, secretEnvironmentVariables: [REFERENCE], ...changes },
    'backend',
  ),
});

const configured = {
  readFile: healthyWorld({
    [`functions/.env.${PROJECT}`]:
      'TIKI_CLIENT_KEY=production-key\nPRIVATE_BACKEND_URL=https://api-abc-as.a.run.app\n',
  }).readFile,
};

const NEW_KEY =
  'openssl rand -base64 32 | npx firebase functions:secrets:set SESSION_KEYS --data-file - --project tiki-shop';
const DEPLOY =
  'npx firebase deploy --only functions:tiki-bridge:backend,hosting --project tiki-shop';

describe('a private backend', () => {
  it('is not needed where PRIVATE_BACKEND_URL is not set', async () => {
    expect(await clinic.find('backend')).toMatchObject({
      state: 'ok',
      message: 'not needed: PRIVATE_BACKEND_URL is not set',
    });
  });

  it('fails when PRIVATE_BACKEND_URL is set and the function is not deployed', async () => {
    const routes = { [AT.latestSessionKeys]: secretJson('canary', '1') };
    expect(await clinic.find('backend', routes, configured)).toMatchObject({
      state: 'failed',
      remedy: DEPLOY,
    });
  });

  it('fails with the key to be made first, without which nothing is deployed', async () => {
    expect(await clinic.find('backend', {}, configured)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('there is no secret SESSION_KEYS') as string,
      remedy: `${NEW_KEY}\n${DEPLOY}`,
    });
  });

  it('is well where all is set', async () => {
    expect(await clinic.find('backend', withBackend(), configured)).toMatchObject({
      state: 'ok',
      message: 'backend is deployed and configured',
    });
  });

  it.each([
    [
      'an internal address',
      { ...ENVIRONMENT, PRIVATE_BACKEND_URL: 'https://metadata.google.internal' },
      'PRIVATE_BACKEND_URL is not the https address of a service of your own, without a path',
    ],
    ['no API key', { ...ENVIRONMENT, WEB_API_KEY: '' }, 'WEB_API_KEY is not set'],
  ])('fails with %s', async (_, environmentVariables, message) => {
    const found = await clinic.find('backend', withBackend({ environmentVariables }), configured);
    expect(found).toMatchObject({ state: 'failed', message });
  });

  it('fails without keys for sessions in cookies', async () => {
    const routes = withBackend({ secretEnvironmentVariables: [] });
    expect(await clinic.find('backend', routes, configured)).toMatchObject({
      state: 'failed',
      message: 'backend was deployed without SESSION_KEYS',
      remedy: expect.stringContaining(NEW_KEY) as string,
    });
  });
});
