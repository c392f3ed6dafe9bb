import { type Answer, jsonAnswer } from './loopback-fake';

/** The project number that appears in Google's messages. */
const PROJECT_NUMBER = '123456789';
const SERVICE = 'iamcredentials.googleapis.com';
const METHOD = 'google.iam.credentials.v1.IAMCredentials.SignBlob';
const CONSOLE_URL = `https://console.developers.google.com/apis/api/${SERVICE}/overview?project=${PROJECT_NUMBER}`;
const EXPECTED_CREDENTIAL =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';

/** Google's error envelope: https://cloud.google.com/apis/design/errors#http_mapping */
function googleError(code: number, status: string, message: string, details?: unknown[]): Answer {
  return jsonAnswer(code, { error: { code, message, status, ...(details && { details }) } });
}

function errorInfo(reason: string, domain: string, metadata: Record<string, string>): unknown {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain, metadata };
}

export const invalidCredential = googleError(
  401,
  'UNAUTHENTICATED',
  `Request had invalid authentication credentials. ${EXPECTED_CREDENTIAL}`,
);

/** Error responses that a test can select by name. */
export const IAM_FAULTS = {
  unauthenticated: invalidCredential,
  'api-disabled': googleError(
    403,
    'PERMISSION_DENIED',
    `IAM Service Account Credentials API has not been used in project ${PROJECT_NUMBER} before or it is disabled. Enable it by visiting ${CONSOLE_URL} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
    [
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [{ description: 'Google developers console API activation', url: CONSOLE_URL }],
      },
      errorInfo('SERVICE_DISABLED', 'googleapis.com', {
        service: SERVICE,
        consumer: `projects/${PROJECT_NUMBER}`,
      }),
    ],
  ),
  'permission-denied': googleError(
    403,
    'PERMISSION_DENIED',
    "Permission 'iam.serviceAccounts.signBlob' denied on resource (or it may not exist).",
    [
      errorInfo('IAM_PERMISSION_DENIED', 'iam.googleapis.com', {
        permission: 'iam.serviceAccounts.signBlob',
      }),
    ],
  ),
  'rate-limited': googleError(
    429,
    'RESOURCE_EXHAUSTED',
    `Quota exceeded for quota metric 'Generate credentials requests' and limit 'Generate credentials requests per minute' of service '${SERVICE}' for consumer 'project_number:${PROJECT_NUMBER}'.`,
    [
      errorInfo('RATE_LIMIT_EXCEEDED', 'googleapis.com', {
        service: SERVICE,
        consumer: `projects/${PROJECT_NUMBER}`,
      }),
    ],
  ),
  unavailable: googleError(503, 'UNAVAILABLE', 'The service is currently unavailable.'),
  internal: googleError(500, 'INTERNAL', 'Internal error encountered.'),
} as const satisfies Record<string, Answer>;

export type IamFault = keyof typeof IAM_FAULTS;

export const missingCredential = googleError(
  401,
  'UNAUTHENTICATED',
  `Request is missing required authentication credential. ${EXPECTED_CREDENTIAL}`,
  [errorInfo('CREDENTIALS_MISSING', 'googleapis.com', { method: METHOD, service: SERVICE })],
);

export const accountUnknown = (email: string): Answer =>
  googleError(404, 'NOT_FOUND', `Not found; Gaia id not found for email ${email}`);

export const invalidArgument = (message: string): Answer =>
  googleError(400, 'INVALID_ARGUMENT', message);
