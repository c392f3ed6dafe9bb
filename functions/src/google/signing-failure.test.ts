import { explainSigningFailure } from './signing-failure';

const ACCOUNT = 'signer@demo.iam.gserviceaccount.com';
const DEPLOY = 'npx firebase deploy --only functions:tiki-bridge:auth --project demo';
const known = {
  signsAs: ACCOUNT,
  callsAs: 'runner@demo.iam.gserviceaccount.com',
  projectId: 'demo',
};
const unknown = { signsAs: undefined, callsAs: undefined, projectId: undefined };

describe('explainSigningFailure', () => {
  it.each([
    [
      'IAM Service Account Credentials API has not been used in project 1 before or it is disabled.',
      'signing-denied',
      'gcloud services enable iamcredentials.googleapis.com --project demo',
    ],
    [
      "Permission 'iam.serviceAccounts.signBlob' denied on resource (or it may not exist).",
      'signing-denied',
      `gcloud iam service-accounts add-iam-policy-binding ${ACCOUNT} --member serviceAccount:${known.callsAs} --role roles/iam.serviceAccountTokenCreator --project demo`,
    ],
    ['Raw server response: {"status":"NOT_FOUND"}', 'signing-denied', 'SIGNING_SERVICE_ACCOUNT'],
    ['Raw server response: {"status":"NOT_FOUND"}', 'signing-denied', DEPLOY],
    ['Failed to determine service account. Make sure', 'misconfigured', 'SIGNING_SERVICE_ACCOUNT='],
    ['Failed to determine service account. Make sure', 'misconfigured', DEPLOY],
    [
      'Error fetching access token: invalid_grant (Invalid JWT Signature.)',
      'misconfigured',
      `gcloud iam service-accounts keys create ~/tiki-bridge-key.json --iam-account ${known.callsAs}`,
    ],
    [
      'invalid_grant: Invalid JWT: Token must be a short-lived token (60 minutes) and in a ' +
        'reasonable timeframe.',
      'misconfigured',
      'sudo ',
    ],
    ['metadata server: 404 for email', 'misconfigured', 'SIGNING_SERVICE_ACCOUNT='],
    ['metadata server: 404 for token', 'misconfigured', 'GOOGLE_APPLICATION_CREDENTIALS'],
    [
      'Could not load the default credentials. Browse to',
      'misconfigured',
      'GOOGLE_APPLICATION_CREDENTIALS',
    ],
  ])('explains %j', (message, code, remedy) => {
    const problem = explainSigningFailure(new Error(message), known);
    expect(problem.code).toBe(code);
    expect(problem.extras.operator).toMatchObject({ account: ACCOUNT });
    expect(problem.extras.operator?.remedy).toContain(remedy);
    expect(problem.extras).not.toHaveProperty('cause');
  });

  it.each([String, (url: string) => new URL(url)])(
    'knows the metadata server of an instance without an account',
    (form) => {
      const url = form('http://169.254.169.254/computeMetadata/v1/instance/x');
      const failed = (status: number) =>
        explainSigningFailure(Object.assign(new Error('no'), { status, config: { url } }), known);
      expect(failed(404).code).toBe('misconfigured');
      expect(failed(503).code).toBe('signing-unavailable');
    },
  );

  it('looks at causes too', () => {
    const error = new Error('outer', { cause: new Error('reason: SERVICE_DISABLED') });
    expect(explainSigningFailure(error, known).code).toBe('signing-denied');
  });

  it('says what to fill in when the account is unknown', () => {
    const { operator } = explainSigningFailure(new Error('IAM_PERMISSION_DENIED'), unknown).extras;
    expect(operator?.remedy).toContain('<service account>');
    expect(operator).not.toHaveProperty('account');
  });

  it.each([new Error('socket hang up'), 'a string', undefined])(
    'takes %p for something that passes',
    (error) => {
      const problem = explainSigningFailure(error, unknown);
      expect(problem.code).toBe('signing-unavailable');
      expect(problem.extras.retryAfterSeconds).toBeGreaterThan(0);
    },
  );
});
