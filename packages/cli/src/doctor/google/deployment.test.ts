import { jsonAnswer } from '@tiki-bridge/testing/google/loopback-fake';
import { asKit } from '../../../../../functions/src/operator';
import { clinicForEachTest } from '../fakes/clinic';
import { AT, functionJson, googleError, policyJson, serviceJson } from '../fakes/google';

const clinic = clinicForEachTest();

const DEPLOY = 'npx firebase deploy --only functions:tiki-bridge:auth --project tiki-shop';

describe('the function', () => {
  const missing = googleError(404, 'NOT_FOUND');

  it('fails when it was never deployed', async () => {
    const routes = { [AT.function]: missing, [AT.functions]: jsonAnswer(200, {}) };
    expect(await clinic.find('function', routes)).toEqual({
      check: 'function',
      state: 'failed',
      message: 'there is no function auth in asia-southeast1',
      remedy: DEPLOY,
    });
  });

  it('is found in the region where it really is', async () => {
    const name = (region: string, id: string) => ({
      name: `projects/tiki-shop/locations/${region}/functions/${id}`,
    });
    const functions = [name('europe-west1', 'other'), name('us-central1', 'auth')];
    const routes = { [AT.function]: missing, [AT.functions]: jsonAnswer(200, { functions }) };
    expect(await clinic.find('function', routes)).toMatchObject({
      state: 'failed',
      message: 'there is no function auth in asia-southeast1, but one in us-central1',
      remedy: 'npm run doctor -- --project tiki-shop --region us-central1',
    });
  });

  it('fails when its deployment did', async () => {
    const stateMessages = [{ severity: 'ERROR', type: 'CloudRunServiceNotFound', message: 'x' }];
    const routes = { [AT.function]: functionJson({ state: 'FAILED', stateMessages }) };
    expect(await clinic.find('function', routes)).toMatchObject({
      state: 'failed',
      message: 'auth is there, but FAILED (CloudRunServiceNotFound)',
      remedy: `npx firebase functions:log --only auth --project tiki-shop\n${DEPLOY}`,
    });
  });

  it('is warned of while it is being deployed', async () => {
    const routes = { [AT.function]: functionJson({ state: 'DEPLOYING' }) };
    expect(await clinic.find('function', routes)).toMatchObject({ state: 'warning' });
  });

  it('is looked for in the region that was asked for', async () => {
    await clinic.find('function', {}, {}, { region: 'europe-west1' });
    const paths = clinic.internet.calls.map(({ path }) => path);
    expect(paths).toContain('/v2/projects/tiki-shop/locations/europe-west1/functions/auth');
  });
});

describe('a function kit', () => {
  const kit = { deployed: asKit('login', 'tiki') };
  const named = { [AT.function.replace(/auth$/, 'kit-login-auth')]: functionJson({}) };

  it('is found by its names', async () => {
    expect(await clinic.find('function', named, {}, kit)).toMatchObject({
      state: 'ok',
      message: 'kit-login-auth is deployed and active',
    });
  });

  it('has them in commands', async () => {
    const routes = { [AT.functions]: jsonAnswer(200, {}) };
    expect(await clinic.find('function', routes, {}, kit)).toMatchObject({
      message: 'there is no function kit-login-auth in asia-southeast1',
      remedy: expect.stringMatching(
        / functions:login:kit-login-auth --project tiki-shop$/,
      ) as string,
    });
    await clinic.find('secret', routes, {}, kit);
    const paths = clinic.internet.calls.map(({ path }) => path);
    expect(paths).toContain(
      '/v1/projects/tiki-shop/secrets/kit-login-TIKI_CLIENT_SECRET/versions/latest:access',
    );
    const { remedy } = (await clinic.find('secret', routes, {}, kit)) ?? {};
    expect(remedy).toContain('functions:secrets:set kit-login-TIKI_CLIENT_SECRET --project');
  });
});

describe('the runtime', () => {
  const find = (runtime: string, today = '2026-11-22') =>
    clinic.find(
      'runtime',
      { [AT.function]: functionJson({ runtime }) },
      { now: () => Date.parse(today) },
    );

  it.each(['nodejs22', 'nodejs24'])('is fine on %s', async (runtime) => {
    expect(await find(runtime)).toMatchObject({ state: 'ok' });
  });

  it.each([
    ['nodejs20', ' since 2026-10-30'],
    ['nodejs18', ' since 2025-10-30'],
    ['nodejs16', ' since 2025-01-30'],
  ])('fails on %s, which can no longer be deployed', async (runtime, since) => {
    expect(await find(runtime)).toMatchObject({
      state: 'failed',
      message: `${runtime} can no longer be deployed${since}; Google may stop it`,
      remedy: `# "runtime": "nodejs24" in firebase.json, then\n${DEPLOY}`,
    });
  });

  it.each([
    ['2026-04-29', 'ok'],
    ['2026-04-30', 'warning'],
    ['2026-10-29', 'warning'],
    ['2026-10-30', 'failed'],
  ])('of nodejs20 on %s is %s', async (today, state) => {
    expect(await find('nodejs20', today)).toMatchObject({ state });
  });

  it('is warned of when nobody has tried it', async () => {
    expect(await find('python312')).toMatchObject({ state: 'warning' });
  });
});

describe('being public', () => {
  const AT_SERVICE = 'auth --region asia-southeast1 --project tiki-shop';
  const BIND = `gcloud run services add-iam-policy-binding ${AT_SERVICE} --member allUsers --role roles/run.invoker`;

  it.each([
    ['nobody may call it', policyJson()],
    [
      'only Google accounts may',
      policyJson({ role: 'roles/run.invoker', members: ['allAuthenticatedUsers'] }),
    ],
    [
      'everybody may do something else',
      policyJson({ role: 'roles/run.viewer', members: ['allUsers'] }),
    ],
  ])('fails when %s', async (_, answer) => {
    const finding = await clinic.find('public', { [AT.servicePolicy]: answer });
    expect(finding?.state).toBe('failed');
    expect(finding?.remedy?.split('\n')).toEqual([
      BIND,
      '# where an organization policy forbids that:',
      `gcloud run services update ${AT_SERVICE} --no-invoker-iam-check`,
    ]);
  });

  it('is warned of when everybody may call it under a condition', async () => {
    const condition = { title: 'until', expression: 'request.time < timestamp("2027-01-01")' };
    const binding = { role: 'roles/run.invoker', members: ['allUsers'], condition };
    const routes = { [AT.servicePolicy]: policyJson(binding) };
    expect(await clinic.find('public', routes)).toMatchObject({ state: 'warning', remedy: BIND });
  });

  it('is given without any binding when the invoker check is off', async () => {
    const service = jsonAnswer(200, { name: 'auth', invokerIamDisabled: true });
    const routes = { [AT.service]: service, [AT.servicePolicy]: policyJson() };
    expect(await clinic.find('public', routes)).toMatchObject({ state: 'ok' });
  });

  const BEHIND_LOAD_BALANCER = serviceJson('auth', 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER');

  it('is given behind a load balancer, with a note on who cannot reach it', async () => {
    const routes = { [AT.service]: BEHIND_LOAD_BALANCER };
    expect(await clinic.find('public', routes)).toEqual({
      check: 'public',
      state: 'ok',
      message:
        'anybody may call it, through a load balancer only: its own address and ' +
        "Hosting's rewrites do not reach it",
    });
  });

  it('fails behind a load balancer, too, when nobody may call it', async () => {
    const routes = { [AT.service]: BEHIND_LOAD_BALANCER, [AT.servicePolicy]: policyJson() };
    const finding = await clinic.find('public', routes);
    expect(finding?.state).toBe('failed');
    expect(finding?.remedy).toContain(BIND);
  });

  it.each(['INGRESS_TRAFFIC_INTERNAL_ONLY', 'INGRESS_TRAFFIC_NONE'])(
    'fails with %s',
    async (ingress) => {
      const service = serviceJson('auth', ingress);
      expect(await clinic.find('public', { [AT.service]: service })).toMatchObject({
        state: 'failed',
        remedy: `gcloud run services update ${AT_SERVICE} --ingress all`,
      });
    },
  );
});
