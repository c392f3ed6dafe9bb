import { jsonAnswer } from '@tiki-bridge/testing/google/loopback-fake';
import { clinicForEachTest } from '../fakes/clinic';
import { apiDisabled, AT, denied, functionJson, googleError, WEB_KEY } from '../fakes/google';

const clinic = clinicForEachTest();
const AUTH = 'identitytoolkit.googleapis.com';
const TOKEN = 'securetoken.googleapis.com';

const restricted = (restrictions: object) =>
  clinic.find('web-api-key', { [AT.key]: jsonAnswer(200, { name: WEB_KEY, restrictions }) });
const toApis = (...services: string[]) => ({
  apiTargets: services.map((service) => ({ service })),
});

const NEW_KEY =
  'gcloud services api-keys create --display-name tiki-bridge-gateway --project tiki-shop ' +
  `--api-target=service=${AUTH} --api-target=service=${TOKEN}   # shows it as keyString\n` +
  String.raw`printf '\nWEB_API_KEY=<apiKey>\n' >> functions/.env.tiki-shop` +
  '\nnpx firebase deploy --only functions:tiki-bridge:gateway --project tiki-shop';

describe('the Web API key', () => {
  it.each([
    ['without restrictions', {}, 'not restricted'],
    ['for both APIs', toApis(AUTH, TOKEN, 'firestore.googleapis.com'), 'these included'],
  ])('is good %s', async (_, restrictions, said) => {
    const finding = await restricted(restrictions);
    expect(finding).toMatchObject({ state: 'ok' });
    expect(finding?.message).toContain(said);
  });

  it.each([
    ['Secure Token', toApis(AUTH), `${TOKEN}, so every session ends after an hour`, [AUTH, TOKEN]],
    ['Identity Toolkit', toApis(TOKEN), `${AUTH}, so nobody can sign in`, [TOKEN, AUTH]],
    [
      'either',
      toApis('maps.googleapis.com'),
      `nobody can sign in; nor ${TOKEN}`,
      ['maps.googleapis.com', AUTH, TOKEN],
    ],
  ])('fails without %s, and keeps what it allows', async (_, restrictions, said, all) => {
    const finding = await restricted(restrictions);
    expect(finding?.state).toBe('failed');
    expect(finding?.message).toContain(said);
    expect(finding?.remedy).toBe(
      `gcloud services api-keys update ${WEB_KEY} ` +
        all.map((service) => `--api-target=service=${service}`).join(' '),
    );
  });

  it.each([
    ['pages', { browserKeyRestrictions: { allowedReferrers: ['shop.example.com'] } }, 'failed'],
    ['Android', { androidKeyRestrictions: { allowedApplications: [] } }, 'failed'],
    ['iOS', { iosKeyRestrictions: { allowedBundleIds: ['a'] } }, 'failed'],
    ['addresses', { serverKeyRestrictions: { allowedIps: ['192.0.2.1'] } }, 'warning'],
    [
      'methods',
      { apiTargets: [{ service: AUTH, methods: ['a.b'] }, { service: TOKEN }] },
      'warning',
    ],
    ['methods, incomplete', { apiTargets: [{ service: AUTH, methods: ['a.b'] }] }, 'failed'],
  ])('restricted to %s does not serve the gateway: a key of its own', async (_, given, state) => {
    expect(await restricted(given)).toMatchObject({ state, remedy: NEW_KEY });
  });

  it('fails when it is unknown, or of another project', async () => {
    expect(
      await clinic.find('web-api-key', { [AT.keyLookup]: googleError(404, 'NOT_FOUND') }),
    ).toMatchObject({ state: 'failed', message: 'Google does not know WEB_API_KEY' });
    const name = WEB_KEY.replace('4711', '4712');
    const other = jsonAnswer(200, { parent: 'projects/4712/locations/global', name });
    expect(await clinic.find('web-api-key', { [AT.keyLookup]: other })).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('a key of another project') as string,
    });
  });

  it.each([
    [denied, 'roles/serviceusage.apiKeysViewer'],
    [apiDisabled('apikeys.googleapis.com'), 'gcloud services enable apikeys.googleapis.com'],
  ])('is not checked without permission, which is named', async (answer, remedy) => {
    for (const route of [AT.keyLookup, AT.key]) {
      const finding = await clinic.find('web-api-key', { [route]: answer });
      expect(finding?.state).toBe('not-checked');
      expect(finding?.remedy).toContain(remedy);
    }
  });

  it('is not checked where clients send their own', async () => {
    const gateway = functionJson({ environmentVariables: {} }, 'gateway');
    expect(await clinic.find('web-api-key', { [AT.gateway]: gateway })).toMatchObject({
      state: 'not-checked',
    });
  });
});
