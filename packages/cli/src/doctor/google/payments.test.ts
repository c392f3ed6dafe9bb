import { clinicForEachTest, healthyWorld } from '../fakes/clinic';
import { AT, functionJson, googleError, PROJECT } from '../fakes/google';
import type { Routes } from '../fakes/internet';

const clinic = clinicForEachTest();

const ENVIRONMENT = {
  GCLOUD_PROJECT: PROJECT,
  TIKI_CLIENT_KEY: 'production-key',
  PAYMENT_PLANS: 'plans.json',
};
const bound = (key: string) => ({ key, projectId: PROJECT, secret: key, version: '1' });
const SECRETS = ['TIKI_CLIENT_SECRET', 'SESSION_KEYS'].map(bound);

const PLANS = JSON.stringify({
  plans: [{ id: 'month', name: { vi: '1 tháng', en: '1 month' }, priceVnd: 49_000, days: 30 }],
});

/** A project that sells something, with changes to the function. */
const selling = (changes: Parameters<typeof functionJson>[0] = {}): Routes => ({
  [AT.payments]: functionJson(
    { environmentVariables: ENVIRONMENT, secretEnvironmentVariables: SECRETS, ...changes },
    'payments',
  ),
  [AT.reconcilePayments]: functionJson({}, 'reconcilePayments'),
  [AT.paymentsDaily]: functionJson({}, 'paymentsDaily'),
});

const withPlans = (plans?: string) => ({
  readFile: healthyWorld({
    [`functions/.env.${PROJECT}`]: 'TIKI_CLIENT_KEY=production-key\nPAYMENT_PLANS=plans.json\n',
    ...(plans !== undefined && { 'functions/plans.json': plans }),
  }).readFile,
});

describe('payments', () => {
  it('are not needed where PAYMENT_PLANS is not set', async () => {
    expect(await clinic.find('payments')).toMatchObject({
      state: 'ok',
      message: 'not needed: PAYMENT_PLANS is not set',
    });
  });

  it('fail where it is set and the function is not deployed', async () => {
    expect(await clinic.find('payments', {}, withPlans(PLANS))).toMatchObject({
      state: 'failed',
      remedy: 'npx firebase deploy --only functions,hosting --project tiki-shop',
    });
  });

  it('are well where all is set', async () => {
    expect(await clinic.find('payments', selling(), withPlans(PLANS))).toMatchObject({
      state: 'ok',
      message: 'payments is deployed, and its plans are well-formed',
    });
  });

  it('fail without the job that completes orders, since Tiki then pays nothing out', async () => {
    const routes = { ...selling(), [AT.reconcilePayments]: googleError(404, 'NOT_FOUND') };
    expect(await clinic.find('payments', routes, withPlans(PLANS))).toMatchObject({
      state: 'failed',
      message: 'there is no function reconcilePayments in asia-southeast1',
    });
  });

  it.each([
    [
      'no plans file',
      selling(),
      undefined,
      'there is no functions/plans.json, which PAYMENT_PLANS names',
    ],
    ['a malformed plan', selling(), PLANS.replace('49000', '0'), 'must be at least 1000'],
    [
      'no session keys',
      selling({ secretEnvironmentVariables: [bound('TIKI_CLIENT_SECRET')] }),
      PLANS,
      'payments was deployed without SESSION_KEYS',
    ],
    [
      'a window that is no number',
      selling({ environmentVariables: { ...ENVIRONMENT, REFUND_WINDOW_HOURS: 'a day' } }),
      PLANS,
      'REFUND_WINDOW_HOURS is not a whole number',
    ],
  ])('fail with %s', async (_, routes, plans, message) => {
    expect(await clinic.find('payments', routes, withPlans(plans))).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(message) as string,
    });
  });
});
