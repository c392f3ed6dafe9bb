import { Problem } from '../problem';

interface Explanation {
  readonly pattern: RegExp;
  readonly code: 'signing-denied' | 'misconfigured';
  readonly cause: string;
  /** @param account Placeholder words when it is not known. */
  readonly remedy: (account: string) => string;
}

/**
 * The failures that every newcomer to custom tokens meets, known by what Google's answers and
 * firebase-admin's messages say. Read top to bottom.
 */
const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /SERVICE_DISABLED|IAM Service Account Credentials API has not been used/,
    code: 'signing-denied',
    cause: 'The IAM Service Account Credentials API is disabled in this project',
    remedy: () => 'gcloud services enable iamcredentials.googleapis.com --project <project>',
  },
  {
    pattern: /iam\.serviceAccounts\.signBlob|IAM_PERMISSION_DENIED/,
    code: 'signing-denied',
    cause: 'iam.serviceAccounts.signBlob is denied to the account that this service runs as',
    remedy: (account) =>
      `gcloud iam service-accounts add-iam-policy-binding ${account} ` +
      `--member serviceAccount:${account} --role roles/iam.serviceAccountTokenCreator ` +
      '--project <project> (the member is the account that the service runs as, should it differ)',
  },
  {
    pattern: /"status":\s*"NOT_FOUND"|Unknown service account|Gaia id not found/i,
    code: 'signing-denied',
    cause: 'The service account that should sign does not exist',
    remedy: () =>
      'correct SIGNING_SERVICE_ACCOUNT in functions/.env.<project> (gcloud iam service-accounts ' +
      'list --project <project> shows what there is), then firebase deploy --only functions:auth',
  },
  {
    pattern: /Failed to determine service account/,
    code: 'misconfigured',
    cause: 'The service account that should sign cannot be determined',
    remedy: () =>
      'set SIGNING_SERVICE_ACCOUNT=<name>@<project>.iam.gserviceaccount.com in ' +
      'functions/.env.<project>, then firebase deploy --only functions:auth',
  },
  {
    pattern: /Could not load the default credentials|Unable to detect a Project Id|invalid_grant/,
    code: 'misconfigured',
    cause: 'There are no usable Application Default Credentials',
    remedy: () =>
      'on Google Cloud: deploy with a service account that exists; elsewhere: ' +
      'export GOOGLE_APPLICATION_CREDENTIALS=<key file>, or gcloud auth application-default login',
  },
];

/** All that an error says about itself; matched against, never logged. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${wordsOf(error.cause)}` : '';
}

/**
 * Turns a failure of firebase-admin's signer into a problem whose note tells the operator the
 * cause, the account and the command that mends it. What is not known to be the operator's fault
 * (429, 5xx, network) is `signing-unavailable`.
 *
 * @see https://firebase.google.com/docs/auth/admin/create-custom-tokens#troubleshooting
 */
export function explainSigningFailure(error: unknown, account: string | undefined): Problem {
  const words = wordsOf(error);
  const known = EXPLANATIONS.find(({ pattern }) => pattern.test(words));
  const about = account === undefined ? {} : { account };
  if (!known) {
    return new Problem('signing-unavailable', {
      cause: error,
      operator: { cause: 'The custom token could not be signed', ...about },
      retryAfterSeconds: 2,
    });
  }
  return new Problem(known.code, {
    operator: {
      cause: known.cause,
      remedy: known.remedy(account ?? '<service account>'),
      ...about,
    },
  });
}
