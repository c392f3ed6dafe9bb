import { jsonAnswer } from '@tiki-bridge/testing/google/loopback-fake';
import { clinicForEachTest, healthyWorld } from '../fakes/clinic';
import { AT, denied, functionJson, googleError, PROJECT, secretJson } from '../fakes/google';
import type { Routes } from '../fakes/internet';

const clinic = clinicForEachTest();

const KEY = Buffer.alloc(32, 'k').toString('base64');
const ENVIRONMENT = {
  GCLOUD_PROJECT: PROJECT,
  WEB_ORIGINS: 'https://shop.example.com',
  WEB_API_KEY: 'a-web-api-key',
  SESSION_DAYS: '14',
};
const REFERENCE = { key: 'SESSION_KEYS', projectId: PROJECT, secret: 'SESSION_KEYS', version: '1' };

/** A project with web sessions, with changes to the function. */
function withSessions(changes: Parameters<typeof functionJson>[0] = {}): Routes {
  return {
    [AT.sessions]: functionJson(
      {
        environmentVariables: ENVIRONMENT,
        secretEnvironmentVariables: [REFERENCE],
        ...changes,
      },
      'sessions',
    ),
    [AT.sessionKeys]: secretJson(`${KEY}\n`, '1'),
    [AT.handOverTtl]: jsonAnswer(200, { name: 'x', ttlConfig: { state: 'ACTIVE' } }),
  };
}

const configured = {
  readFile: healthyWorld({
    [`functions/.env.${PROJECT}`]:
      'TIKI_CLIENT_KEY=production-key\nWEB_ORIGINS=https://shop.example.com\n',
  }).readFile,
};

const NEW_KEY =
  'openssl rand -base64 32 | npx firebase functions:secrets:set SESSION_KEYS --data-file - --project tiki-shop';
const DEPLOY =
  'npx firebase deploy --only functions:tiki-bridge:sessions,hosting --project tiki-shop';
const REPLACE =
  `${NEW_KEY}\n` + 'npx firebase deploy --only functions:tiki-bridge:sessions --project tiki-shop';

describe('web sessions', () => {
  it('are not needed where WEB_ORIGINS is not set', async () => {
    expect(await clinic.find('sessions')).toMatchObject({
      state: 'ok',
      message: 'not needed: WEB_ORIGINS is not set',
    });
  });

  it('fail when WEB_ORIGINS is set and the function is not deployed', async () => {
    const routes = { [AT.latestSessionKeys]: secretJson('canary', '1') };
    expect(await clinic.find('sessions', routes, configured)).toMatchObject({
      state: 'failed',
      remedy: DEPLOY,
    });
  });

  it('fail with the key to be made first, without which nothing is deployed', async () => {
    expect(await clinic.find('sessions', {}, configured)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('there is no secret SESSION_KEYS') as string,
      remedy: `${NEW_KEY}\n${DEPLOY}`,
    });
  });

  it('are well where all is set', async () => {
    expect(await clinic.find('sessions', withSessions(), configured)).toMatchObject({
      state: 'ok',
      message: 'sessions is deployed and configured',
    });
  });

  it.each<[string, Routes, string, string]>([
    [
      'was deployed without keys',
      withSessions({ secretEnvironmentVariables: [] }),
      'sessions was deployed without SESSION_KEYS',
      REPLACE,
    ],
    [
      'has keys of another form',
      { ...withSessions(), [AT.sessionKeys]: secretJson('canary', '1') },
      'SESSION_KEYS must have 1 to 5 lines',
      REPLACE,
    ],
    [
      'has a destroyed version of the keys',
      { ...withSessions(), [AT.sessionKeys]: googleError(400, 'FAILED_PRECONDITION') },
      'version 1 of SESSION_KEYS is not there any more',
      REPLACE,
    ],
    [
      'has no Web API key',
      withSessions({ environmentVariables: { ...ENVIRONMENT, WEB_API_KEY: '' } }),
      'WEB_API_KEY is not set',
      'npx firebase deploy --only functions:tiki-bridge:sessions --project tiki-shop',
    ],
    [
      'has origins that are none',
      withSessions({ environmentVariables: { ...ENVIRONMENT, WEB_ORIGINS: 'shop.example.com' } }),
      'WEB_ORIGINS must contain only exact origins',
      'npx firebase deploy --only functions:tiki-bridge:sessions --project tiki-shop',
    ],
    [
      'has no database',
      { ...withSessions(), [AT.handOverTtl]: googleError(404, 'NOT_FOUND') },
      'there is no Firestore database',
      'gcloud firestore databases create --location asia-southeast1 --project tiki-shop',
    ],
  ])('fail when the function %s', async (_name, routes, message, remedy) => {
    const finding = await clinic.find('sessions', routes, configured);
    expect(finding?.state).toBe('failed');
    expect(finding?.message).toContain(message);
    expect(finding?.message).not.toContain('canary');
    expect(finding?.remedy).toContain(remedy);
  });

  it('are warned of when codes are never deleted', async () => {
    const routes = { ...withSessions(), [AT.handOverTtl]: jsonAnswer(200, { name: 'x' }) };
    expect(await clinic.find('sessions', routes, configured)).toMatchObject({
      state: 'warning',
      remedy: 'npx firebase deploy --only firestore:indexes --project tiki-shop',
    });
  });

  it('are not judged by what may not be looked at', async () => {
    for (const route of [AT.sessions, AT.sessionKeys, AT.handOverTtl]) {
      const routes = { ...withSessions(), [route]: denied };
      expect(await clinic.find('sessions', routes, configured)).toMatchObject({
        state: 'not-checked',
      });
    }
  });

  it('need their rewrite, and others do not', async () => {
    const hosting = JSON.parse(healthyWorld().readFile('firebase.json') ?? '') as {
      hosting: { rewrites: { source: string }[] };
    };
    const rewrites = hosting.hosting.rewrites.filter(({ source }) => source !== '/session/**');
    const files = {
      'firebase.json': JSON.stringify({ hosting: { ...hosting.hosting, rewrites } }),
    };
    const { readFile } = healthyWorld(files);
    expect(await clinic.find('hosting-routes', {}, { readFile })).toMatchObject({ state: 'ok' });
    expect(await clinic.find('hosting-routes', withSessions(), { readFile })).toMatchObject({
      state: 'failed',
      message: 'firebase.json: /session/** is not rewritten',
    });
  });
});
