import { explainSigningFailure } from './signingFailure';

const ACCOUNT = 'runner@demo.iam.gserviceaccount.com';

describe('explainSigningFailure', () => {
  it.each([
    [
      'IAM Service Account Credentials API has not been used in project 1 before or it is disabled.',
      'signing-denied',
      'gcloud services enable iamcredentials.googleapis.com',
    ],
    [
      "Permission 'iam.serviceAccounts.signBlob' denied on resource (or it may not exist).",
      'signing-denied',
      `gcloud iam service-accounts add-iam-policy-binding ${ACCOUNT} --member serviceAccount:${ACCOUNT} --role roles/iam.serviceAccountTokenCreator`,
    ],
    ['Raw server response: {"status":"NOT_FOUND"}', 'signing-denied', 'SIGNING_SERVICE_ACCOUNT'],
    ['Failed to determine service account. Make sure', 'misconfigured', 'SIGNING_SERVICE_ACCOUNT='],
    [
      'Could not load the default credentials. Browse to',
      'misconfigured',
      'GOOGLE_APPLICATION_CREDENTIALS',
    ],
  ])('explains %j', (message, code, remedy) => {
    const problem = explainSigningFailure(new Error(message), ACCOUNT);
    expect(problem.code).toBe(code);
    expect(problem.extras.operator).toMatchObject({ account: ACCOUNT });
    expect(problem.extras.operator?.remedy).toContain(remedy);
    expect(problem.extras).not.toHaveProperty('cause');
  });

  it('looks at causes too', () => {
    const error = new Error('outer', { cause: new Error('reason: SERVICE_DISABLED') });
    expect(explainSigningFailure(error, ACCOUNT).code).toBe('signing-denied');
  });

  it('says what to fill in when the account is unknown', () => {
    const { operator } = explainSigningFailure(
      new Error('IAM_PERMISSION_DENIED'),
      undefined,
    ).extras;
    expect(operator?.remedy).toContain('<service account>');
    expect(operator).not.toHaveProperty('account');
  });

  it.each([new Error('socket hang up'), 'a string', undefined])(
    'takes %p for something that passes',
    (error) => {
      const problem = explainSigningFailure(error, undefined);
      expect(problem.code).toBe('signing-unavailable');
      expect(problem.extras.retryAfterSeconds).toBeGreaterThan(0);
    },
  );
});
