import * as z from 'zod';
import { accountDomain } from '../account-domain';
import { Problem } from '../problem';
import { setClock, setParameters, sh } from '../remedy';
import { newKeyFile } from './key-file';
import { NO_CREDENTIALS } from './no-credentials';

interface Explanation {
  readonly pattern: RegExp;
  readonly code: 'signing-denied' | 'misconfigured';
  readonly cause: string;
  readonly remedy: (
    known: Readonly<Record<'signsAs' | 'callsAs' | 'member' | 'projectId', string>>,
  ) => string;
}

/** Which account signs, and which one asks for it; undefined where unknown. */
export interface SigningAccounts {
  /** The account whose key signs; the issuer of the token. */
  readonly signsAs: string | undefined;
  /** The account that this process runs as, and calls IAM as. */
  readonly callsAs: string | undefined;
  /** A person calls, with their own login, from a terminal. */
  readonly isPerson?: boolean;
  readonly projectId: string | undefined;
}

/** The role that has every permission for short-lived credentials of an account. */
function denied(permission: string, pattern: RegExp): Explanation {
  return {
    pattern,
    code: 'signing-denied',
    cause: `iam.serviceAccounts.${permission} is denied to the account that calls`,
    remedy: ({ signsAs, member, projectId }) =>
      sh`gcloud iam service-accounts add-iam-policy-binding ${signsAs} ` +
      sh`--member ${member} --role roles/iam.serviceAccountTokenCreator ` +
      sh`--project ${projectId}`,
  };
}

/**
 * The failures that every newcomer to custom tokens meets, recognised by the text of Google's answers
 * and firebase-admin's messages. The first match counts.
 */
const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /SERVICE_DISABLED|IAM Service Account Credentials API has not been used/,
    code: 'signing-denied',
    cause: 'The IAM Service Account Credentials API is disabled in this project',
    remedy: ({ projectId }) =>
      sh`gcloud services enable iamcredentials.googleapis.com --project ${projectId}`,
  },
  // The last one also where Google does not name the permission.
  denied('signJwt', /iam\.serviceAccounts\.signJwt/),
  denied('getAccessToken', /iam\.serviceAccounts\.getAccessToken/),
  denied('getOpenIdToken', /iam\.serviceAccounts\.getOpenIdToken/),
  denied('signBlob', /iam\.serviceAccounts\.signBlob|IAM_PERMISSION_DENIED/),
  {
    pattern: /"status":\s*"NOT_FOUND"|Unknown service account|Gaia id not found/i,
    code: 'signing-denied',
    cause: 'The service account that should sign does not exist',
    remedy: ({ projectId }) =>
      setParameters(
        sh`correct SIGNING_SERVICE_ACCOUNT (gcloud iam service-accounts list --project ${projectId} ` +
          'shows what there is)',
        'functions:tiki-bridge:auth',
        projectId,
      ),
  },
  {
    // The second and third: the metadata server of an instance without an account.
    pattern:
      /Failed to determine service account|^404 \S*\/computeMetadata\/|^metadata server: 404 for email/m,
    code: 'misconfigured',
    cause: 'The service account that should sign cannot be determined',
    remedy: ({ projectId }) =>
      setParameters(
        `set SIGNING_SERVICE_ACCOUNT=<name>@${accountDomain(projectId)}`,
        'functions:tiki-bridge:auth',
        projectId,
      ),
  },
  {
    // Of the token endpoint, about the JSON web token that a key file signs.
    pattern: /Invalid JWT Signature/i,
    code: 'misconfigured',
    cause: 'private_key in the key file is no key of its client_email, or was deleted',
    remedy: ({ callsAs }) => newKeyFile(callsAs),
  },
  {
    pattern: /Token must be a short-lived token|in a reasonable timeframe/i,
    code: 'misconfigured',
    cause: "The clock of this machine is wrong: Google refuses the key file's signature",
    remedy: () => setClock(process.platform),
  },
  {
    pattern:
      /Could not load the default credentials|invalid_grant|OAuth2 access token[^]*Not Found|metadata server: 404 for token/,
    code: 'misconfigured',
    cause: NO_CREDENTIALS.cause,
    remedy: () => NO_CREDENTIALS.remedy,
  },
];

const requestSchema = z.object({
  status: z.number(),
  config: z.object({ url: z.union([z.string(), z.instanceof(URL)]) }),
});

/** The text that an error carries; matched against, never logged. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const request = requestSchema.safeParse(error).data;
  const line = request ? `${request.status} ${String(request.config.url)}` : '';
  return [error.message, line, wordsOf(error.cause)].join('\n');
}

/** firebase-admin has no codes for these; it quotes IAM's answer, with JSON or without. */
const UNAUTHENTICATED = /"status":\s*"UNAUTHENTICATED"|Status code: "401"/;
const BUSY = /"status":\s*"RESOURCE_EXHAUSTED"|Status code: "429"/;

/** Whether Google did not accept the access token (401) of a call by firebase-admin or google-auth-library. */
export function isUnauthenticated(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code: unknown = Reflect.get(error, 'code');
  const status: unknown = Reflect.get(error, 'status');
  return (
    status === 401 || code === 'app-check/unauthenticated' || UNAUTHENTICATED.test(wordsOf(error))
  );
}

/** Whether Google answered 429. */
export function isBusy(error: unknown): boolean {
  return BUSY.test(wordsOf(error));
}

/**
 * Turns a failure of firebase-admin's signer into a problem whose note tells the operator the
 * cause, the account and the command that fixes it. Everything else (429, 5xx, network) is
 * `signing-unavailable`.
 *
 * @see https://firebase.google.com/docs/auth/admin/create-custom-tokens#troubleshooting
 */
export function explainSigningFailure(error: unknown, accounts: SigningAccounts): Problem {
  const words = wordsOf(error);
  const known = EXPLANATIONS.find(({ pattern }) => pattern.test(words));
  const account = accounts.signsAs === undefined ? {} : { account: accounts.signsAs };
  if (!known) {
    return new Problem('signing-unavailable', {
      cause: error,
      operator: { cause: 'The custom token could not be signed', ...account },
      retryAfterSeconds: 2,
    });
  }
  const callsAs = accounts.callsAs ?? '<service account>';
  const remedy = known.remedy({
    signsAs: accounts.signsAs ?? '<service account>',
    callsAs,
    member: accounts.isPerson === true ? 'user:<your e-mail>' : `serviceAccount:${callsAs}`,
    projectId: accounts.projectId ?? '<project>',
  });
  return new Problem(known.code, { operator: { cause: known.cause, remedy, ...account } });
}
