import { jsonAnswer } from '@tiki-bridge/testing/google/loopback-fake';
import { clinicForEachTest } from '../fakes/clinic';
import {
  AT,
  denied,
  functionJson,
  MEMBER,
  policyJson,
  PROJECT,
  RUNTIME_ACCOUNT,
} from '../fakes/google';
import type { Routes } from '../fakes/internet';

const clinic = clinicForEachTest();

const SERVICE = {
  name: `projects/${PROJECT}/locations/asia-southeast1/services/api`,
  uri: 'https://api-4711.asia-southeast1.run.app',
  urls: ['https://api-4711.asia-southeast1.run.app', 'https://api-abc-as.a.run.app'],
};
const INVOKER = { role: 'roles/run.invoker', members: [MEMBER] };

/** A project with a private backend, which may be called unless the routes say otherwise. */
const withService = (routes: Routes = {}, url = 'https://api-abc-as.a.run.app'): Routes => ({
  [AT.backend]: functionJson(
    { environmentVariables: { GCLOUD_PROJECT: PROJECT, PRIVATE_BACKEND_URL: url } },
    'backend',
  ),
  [AT.runServices]: jsonAnswer(200, {
    services: [{ ...SERVICE, name: `${SERVICE.name}2`, urls: [], uri: 'https://a.b' }, SERVICE],
  }),
  [AT.backendPolicy]: policyJson(INVOKER),
  ...routes,
});

const find = (routes: Routes) => clinic.find('backend-invoker', routes);

describe('the right to call the private service', () => {
  it('is not needed without one', async () => {
    expect(await find({})).toMatchObject({
      state: 'ok',
      message: 'not needed: no private backend is deployed',
    });
  });

  it.each([
    ['is given', withService()],
    [
      'is given to all',
      withService({ [AT.backendPolicy]: policyJson({ ...INVOKER, members: ['allUsers'] }) }),
    ],
    [
      'is not checked by Cloud Run',
      withService({
        [AT.runServices]: jsonAnswer(200, { services: [{ ...SERVICE, invokerIamDisabled: true }] }),
        [AT.backendPolicy]: policyJson(),
      }),
    ],
    ['of another domain is not known', withService({}, 'https://api.shop.example')],
  ])('%s', async (_, routes) => {
    expect(await find(routes)).toMatchObject({ state: 'ok' });
  });

  it.each([
    ['nobody has it', policyJson()],
    ['another has it', policyJson({ ...INVOKER, members: ['user:owner@example.com'] })],
    ['a condition limits it', policyJson({ ...INVOKER, condition: { expression: 'true' } })],
    ['the role is another', policyJson({ ...INVOKER, role: 'roles/run.viewer' })],
  ])('is warned of with the command that gives it when %s', async (_, policy) => {
    expect(await find(withService({ [AT.backendPolicy]: policy }))).toMatchObject({
      state: 'warning',
      message: expect.stringContaining(`${RUNTIME_ACCOUNT} may call api`) as string,
      remedy:
        'gcloud run services add-iam-policy-binding api --region asia-southeast1 ' +
        `--project ${PROJECT} --member ${MEMBER} --role roles/run.invoker`,
    });
  });

  it('is not checked where the services may not be listed', async () => {
    expect(await find(withService({ [AT.runServices]: denied }))).toMatchObject({
      state: 'not-checked',
      remedy: expect.stringContaining('roles/run.viewer') as string,
    });
  });
});
