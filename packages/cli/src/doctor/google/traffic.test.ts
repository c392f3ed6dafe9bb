import { jsonAnswer } from '@tiki-bridge/testing/google/loopback-fake';
import { clinicForEachTest } from '../fakes/clinic';
import { AT, denied } from '../fakes/google';

const clinic = clinicForEachTest();

const LATEST = { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 };
const PINNED = {
  type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION',
  revision: 'auth-00006-abc',
  percent: 100,
};

const find = (traffic: readonly object[]) =>
  clinic.find('traffic', { [AT.service]: jsonAnswer(200, { name: 'auth', traffic }) });

it.each([[[]], [[LATEST]], [[LATEST, { ...PINNED, percent: 0, tag: 'old' }]]])(
  'is well when the newest revision serves: %j',
  async (traffic) => {
    expect(await find(traffic)).toMatchObject({ state: 'ok' });
  },
);

it('warns after a rollback, with the command that ends it', async () => {
  expect(await find([PINNED])).toEqual({
    check: 'traffic',
    state: 'warning',
    message: 'auth-00006-abc has the traffic, as after a rollback: new deployments get none',
    remedy:
      'gcloud run services update-traffic auth --to-latest --region asia-southeast1 --project tiki-shop',
  });
});

it('warns of each function that was rolled back', async () => {
  const routes = {
    [AT.service]: [PINNED],
    [AT.gatewayService]: [{ ...PINNED, revision: 'gateway-00002-x' }],
  };
  const finding = await clinic.find(
    'traffic',
    Object.fromEntries(
      Object.entries(routes).map(([at, traffic]) => [at, jsonAnswer(200, { traffic })]),
    ),
  );
  expect(finding?.message).toContain('auth-00006-abc and gateway-00002-x');
  expect(finding?.remedy?.split('\n')).toEqual([
    expect.stringContaining('update-traffic auth '),
    expect.stringContaining('update-traffic gateway '),
  ]);
});

it('is not checked without the permission', async () => {
  expect(await clinic.find('traffic', { [AT.service]: denied })).toMatchObject({
    state: 'not-checked',
  });
});
