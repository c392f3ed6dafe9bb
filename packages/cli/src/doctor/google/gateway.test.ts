import { jsonAnswer } from '@tiki-bridge/testing/google/loopback-fake';
import { clinicForEachTest } from '../fakes/clinic';
import { AT, functionJson, googleError, policyJson, serviceJson } from '../fakes/google';

const clinic = clinicForEachTest();

const NOT_THERE = {
  [AT.gateway]: googleError(404, 'NOT_FOUND'),
  [AT.functions]: jsonAnswer(200, {
    functions: [{ name: 'projects/tiki-shop/locations/asia-southeast1/functions/auth' }],
  }),
};

describe('the gateway', () => {
  it('fails when only auth was deployed', async () => {
    expect(await clinic.find('gateway', NOT_THERE)).toEqual({
      check: 'gateway',
      state: 'failed',
      message: 'there is no function gateway in asia-southeast1',
      remedy: 'npx firebase deploy --only functions:tiki-bridge:gateway --project tiki-shop',
    });
  });

  it('is looked at through Hosting even when it was not found', async () => {
    const findings = await clinic.examine(NOT_THERE);
    const stateOf = (name: string) => findings.find(({ check }) => check === name)?.state;
    expect(stateOf('gateway-public')).toBe('not-checked');
    expect(stateOf('gateway-hosting')).toBe('ok');
  });

  it('fails when its deployment did, and its access is looked at all the same', async () => {
    const routes = { [AT.gateway]: functionJson({ state: 'FAILED' }, 'gateway') };
    const findings = await clinic.examine(routes);
    expect(findings.find(({ check }) => check === 'gateway')).toMatchObject({
      state: 'failed',
      message: 'gateway is there, but FAILED',
    });
    expect(findings.find(({ check }) => check === 'gateway-public')?.state).toBe('ok');
  });

  it.each([
    ['has none', {}],
    ['has an empty one', { WEB_API_KEY: '' }],
  ])('is warned of when it %s of the Web API keys', async (_, environmentVariables) => {
    const routes = { [AT.gateway]: functionJson({ environmentVariables }, 'gateway') };
    expect(await clinic.find('gateway', routes)).toEqual({
      check: 'gateway',
      state: 'warning',
      message: 'gateway has no WEB_API_KEY: clients that send no key of their own cannot sign in',
      remedy:
        'npx firebase apps:sdkconfig WEB --project tiki-shop   # shows it as apiKey\n' +
        String.raw`printf '\nWEB_API_KEY=<apiKey>\n' >> functions/.env.tiki-shop` +
        '\nnpx firebase deploy --only functions:tiki-bridge:gateway --project tiki-shop',
    });
  });
});

describe("the gateway's being public", () => {
  const AT_SERVICE = 'gateway --region asia-southeast1 --project tiki-shop';

  it('fails when nobody may call it, whoever may call auth', async () => {
    const finding = await clinic.find('gateway-public', { [AT.gatewayPolicy]: policyJson() });
    expect(finding?.state).toBe('failed');
    expect(finding?.remedy).toContain(
      `gcloud run services add-iam-policy-binding ${AT_SERVICE} --member allUsers --role roles/run.invoker\n`,
    );
  });

  it('fails when it takes requests from inside only', async () => {
    const service = serviceJson('gateway', 'INGRESS_TRAFFIC_INTERNAL_ONLY');
    expect(await clinic.find('gateway-public', { [AT.gatewayService]: service })).toMatchObject({
      state: 'failed',
      remedy: `gcloud run services update ${AT_SERVICE} --ingress all`,
    });
  });

  it('is given behind a load balancer', async () => {
    const service = serviceJson('gateway', 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER');
    const finding = await clinic.find('gateway-public', { [AT.gatewayService]: service });
    expect(finding?.state).toBe('ok');
    expect(finding?.message).toContain('through a load balancer only');
  });
});
