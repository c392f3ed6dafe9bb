import { clinicForEachTest } from '../fakes/clinic';
import { apiDisabled, AT, denied, googleError, RUNTIME_ACCOUNT } from '../fakes/google';

const clinic = clinicForEachTest();

const PROJECT_GRANT =
  "gcloud projects add-iam-policy-binding tiki-shop --member 'user:<your e-mail>' --role ";

/** Each question to Google: the check that asks, its route, its API, what lets the caller ask. */
const QUESTIONS = [
  [
    'iam-credentials-api',
    AT.iamCredentialsApi,
    'serviceusage',
    `${PROJECT_GRANT}roles/serviceusage.serviceUsageViewer`,
  ],
  [
    'authentication',
    AT.authentication,
    'identitytoolkit',
    `${PROJECT_GRANT}roles/firebaseauth.viewer`,
  ],
  ['gateway', AT.gateway, 'cloudfunctions', `${PROJECT_GRANT}roles/cloudfunctions.viewer`],
  ['gateway-public', AT.gatewayService, 'run', `${PROJECT_GRANT}roles/run.viewer`],
  ['gateway-public', AT.gatewayPolicy, 'run', `${PROJECT_GRANT}roles/run.viewer`],
  ['function', AT.function, 'cloudfunctions', `${PROJECT_GRANT}roles/cloudfunctions.viewer`],
  ['public', AT.service, 'run', `${PROJECT_GRANT}roles/run.viewer`],
  ['public', AT.servicePolicy, 'run', `${PROJECT_GRANT}roles/run.viewer`],
  [
    'runtime-account',
    AT.account(RUNTIME_ACCOUNT),
    'iam',
    `${PROJECT_GRANT}roles/iam.serviceAccountViewer`,
  ],
  [
    'secret',
    AT.secret('3'),
    'secretmanager',
    'gcloud secrets add-iam-policy-binding TIKI_CLIENT_SECRET --project tiki-shop ' +
      "--member 'user:<your e-mail>' --role roles/secretmanager.secretAccessor",
  ],
] as const;

describe.each(QUESTIONS)('%s, asking %s', (check, route, api, grant) => {
  it('is not checked without the permission, and names the role to grant', async () => {
    expect(await clinic.find(check, { [route]: denied })).toMatchObject({
      state: 'not-checked',
      message: expect.stringMatching(/^your credentials may not look at /) as string,
      remedy: grant,
    });
  });

  it('is not checked while the API is disabled, and names the command that enables it', async () => {
    const service = `${api}.googleapis.com`;
    expect(await clinic.find(check, { [route]: apiDisabled(service) })).toMatchObject({
      state: 'not-checked',
      message: expect.stringContaining(`${service}, which knows about`) as string,
      remedy: `gcloud services enable ${service} --project tiki-shop`,
    });
  });

  it('is not checked when Google hangs', async () => {
    const finding = await clinic.find(check, { [route]: 'hang' }, { timeoutMs: 500 });
    expect(finding?.state).toBe('not-checked');
    expect(finding?.message).toMatch(
      new RegExp(`^no answer within 0.5 s from ${api}.googleapis.com`),
    );
  });

  it.each([
    ['no JSON', '<html>'],
    ['JSON of another shape', '{"state":42,"bindings":"none","payload":[]}'],
    ['another type altogether', '[]'],
    ['nothing', ''],
  ])('is not checked when Google answers with %s', async (_, body) => {
    const finding = await clinic.find(check, { [route]: { status: 200, body } });
    const message = expect.stringContaining('an answer of an unknown shape') as string;
    expect(finding).toMatchObject({ state: 'not-checked', message });
  });

  it('is not checked when Google has trouble of its own', async () => {
    const routes = { [route]: googleError(503, 'UNAVAILABLE') };
    const message = expect.stringContaining('HTTP status 503') as string;
    expect(await clinic.find(check, routes)).toMatchObject({ state: 'not-checked', message });
  });
});

it('says so when the credentials ceased to be taken in the middle', async () => {
  const routes = { [AT.function]: googleError(401, 'UNAUTHENTICATED') };
  expect(await clinic.find('function', routes)).toEqual({
    check: 'function',
    state: 'not-checked',
    message: 'Google does not take your credentials',
    remedy: 'gcloud auth application-default login',
  });
});

it('tells a login that may not use the project for requests from one that may not look', async () => {
  const details = [{ reason: 'USER_PROJECT_DENIED', domain: 'googleapis.com' }];
  const routes = { [AT.project]: googleError(403, 'PERMISSION_DENIED', details) };
  expect(await clinic.find('project', routes)).toEqual({
    check: 'project',
    state: 'not-checked',
    message: 'your login may not use this project for API requests',
    remedy: `${PROJECT_GRANT}roles/serviceusage.serviceUsageConsumer`,
  });
});

it('grants to the service account that asks, when it is one', async () => {
  const email = 'ci@tiki-shop.iam.gserviceaccount.com';
  const accessToken = 'ya29.test-access-token';
  const signIn = () =>
    Promise.resolve({ kind: 'signed-in', accessToken, isUser: false, email } as const);
  const finding = await clinic.find('function', { [AT.function]: denied }, { signIn });
  expect(finding?.remedy).toContain(`--member serviceAccount:${email} `);
});

it("never repeats Google's own words", async () => {
  const findings = await clinic.examine({ [AT.function]: denied, [AT.secret('3')]: denied });
  expect(JSON.stringify(findings)).not.toContain('nobody should see');
});
