import { Problem, problemAnswer } from '../../../../../functions/src/operator';
import { type Answer, jsonAnswer } from '@tiki-bridge/testing/google/loopback-fake';
import type { FunctionId } from '../google/function-shape';
import type { Routes } from './internet';
import { PRODUCTION_APP } from './tiki';

export const PROJECT = 'tiki-shop';
export const REGION = 'asia-southeast1';
export const RUNTIME_ACCOUNT = `bridge@${PROJECT}.iam.gserviceaccount.com`;
export const MEMBER = `serviceAccount:${RUNTIME_ACCOUNT}`;

/** The Cloud Run service of a function. */
const serviceOf = (id: string) =>
  `projects/${PROJECT}/locations/${REGION}/services/${id.toLowerCase()}`;
const FUNCTIONS = `cloudfunctions.googleapis.com/v2/projects/${PROJECT}/locations`;
const RUN = 'run.googleapis.com/v2';
const SERVICES = `serviceusage.googleapis.com/v1/projects/${PROJECT}/services`;
const IAM = 'iam.googleapis.com/v1';
const SECRETS = `secretmanager.googleapis.com/v1/projects/${PROJECT}/secrets/TIKI_CLIENT_SECRET/versions`;

/** The name of the Web API key. */
export const WEB_KEY = 'projects/4711/locations/global/keys/web-1';

/** The doctor's requests, as `METHOD host/path`. */
export const AT = {
  project: `GET cloudresourcemanager.googleapis.com/v3/projects/${PROJECT}`,
  projectPolicy: `POST cloudresourcemanager.googleapis.com/v3/projects/${PROJECT}:getIamPolicy`,
  iamCredentialsApi: `GET ${SERVICES}/iamcredentials.googleapis.com`,
  identityToolkitApi: `GET ${SERVICES}/identitytoolkit.googleapis.com`,
  appCheckApi: `GET ${SERVICES}/firebaseappcheck.googleapis.com`,
  authentication: `GET identitytoolkit.googleapis.com/admin/v2/projects/${PROJECT}/config`,
  function: `GET ${FUNCTIONS}/${REGION}/functions/auth`,
  gateway: `GET ${FUNCTIONS}/${REGION}/functions/gateway`,
  sessions: `GET ${FUNCTIONS}/${REGION}/functions/sessions`,
  backend: `GET ${FUNCTIONS}/${REGION}/functions/backend`,
  payments: `GET ${FUNCTIONS}/${REGION}/functions/payments`,
  reconcilePayments: `GET ${FUNCTIONS}/${REGION}/functions/reconcilePayments`,
  paymentsDaily: `GET ${FUNCTIONS}/${REGION}/functions/paymentsDaily`,
  push: `GET ${FUNCTIONS}/${REGION}/functions/pushNotification`,
  fcmApi: `GET ${SERVICES}/fcm.googleapis.com`,
  sessionKeys: `GET ${SECRETS.replace('TIKI_CLIENT_SECRET', 'SESSION_KEYS')}/1:access`,
  latestSessionKeys: `GET ${SECRETS.replace('TIKI_CLIENT_SECRET', 'SESSION_KEYS')}/latest:access`,
  handOverTtl: `GET firestore.googleapis.com/v1/projects/${PROJECT}/databases/(default)/collectionGroups/handOvers/fields/expiresAt`,
  ttl: `GET firestore.googleapis.com/v1/projects/${PROJECT}/databases/(default)/collectionGroups/-/fields`,
  functions: `GET ${FUNCTIONS}/-/functions`,
  service: `GET ${RUN}/${serviceOf('auth')}`,
  servicePolicy: `GET ${RUN}/${serviceOf('auth')}:getIamPolicy`,
  gatewayService: `GET ${RUN}/${serviceOf('gateway')}`,
  gatewayPolicy: `GET ${RUN}/${serviceOf('gateway')}:getIamPolicy`,
  runServices: `GET ${RUN}/${serviceOf('').slice(0, -1)}`,
  backendPolicy: `GET ${RUN}/${serviceOf('api')}:getIamPolicy`,
  account: (email: string) => `GET ${IAM}/projects/-/serviceAccounts/${email}`,
  accountPolicy: (email: string) => `POST ${IAM}/projects/-/serviceAccounts/${email}:getIamPolicy`,
  ownRights: (email: string) =>
    `POST ${IAM}/projects/-/serviceAccounts/${email}:testIamPermissions`,
  role: (role: string) => `GET ${IAM}/${role}`,
  secret: (version: string) => `GET ${SECRETS}/${version}:access`,
  functionItself: 'POST auth-k3yq7x2n5a-as.a.run.app/auth_exchange',
  hosting: `POST ${PROJECT}.web.app/auth_exchange`,
  refreshByHosting: `POST ${PROJECT}.web.app/auth_refresh`,
  infoByHosting: `POST ${PROJECT}.web.app/auth_info`,
  gatewayByHosting: `GET ${PROJECT}.web.app/identitytoolkit/v1/accounts:signInWithCustomToken`,
  tokenByHosting: `GET ${PROJECT}.web.app/securetoken/v1/token`,
  firestoreByHosting: `POST ${PROJECT}.web.app/firestore/v1/projects/${PROJECT}/databases/(default)/documents/doctor/check`,
  keyLookup: 'GET apikeys.googleapis.com/v2/keys:lookupKey',
  key: `GET apikeys.googleapis.com/v2/${WEB_KEY}`,
  validationFile: (code: string) => `GET ${PROJECT}.web.app/tiki-validation-code/${code}/auth.txt`,
} as const;

/** A function in the Cloud Functions API, with changes. */
export function functionJson(
  changes: {
    readonly state?: string;
    readonly stateMessages?: readonly object[];
    readonly runtime?: string;
    readonly serviceAccountEmail?: string;
    readonly environmentVariables?: Readonly<Record<string, string>>;
    readonly secretEnvironmentVariables?: readonly object[];
  } = {},
  id: FunctionId = 'auth',
): Answer {
  const { state = 'ACTIVE', stateMessages, runtime = 'nodejs24', ...serviceChanges } = changes;
  return jsonAnswer(200, {
    name: `projects/${PROJECT}/locations/${REGION}/functions/${id}`,
    buildConfig: { runtime, entryPoint: id, source: { storageSource: { bucket: 'gcf' } } },
    serviceConfig: {
      service: serviceOf(id),
      timeoutSeconds: 30,
      environmentVariables: {
        FIREBASE_CONFIG: `{"projectId":"${PROJECT}"}`,
        LOG_EXECUTION_ID: 'true',
        TIKI_CLIENT_KEY: PRODUCTION_APP.clientKey,
        TIKI_API_BASE_URL: 'https://api.tiki.vn/tiniapp-open-api',
        TIKI_TOKENS_TO_CLIENT: 'false',
        SIGNING_SERVICE_ACCOUNT: '',
        ALLOWED_ORIGINS: '',
        WEB_API_KEY: 'a-web-api-key',
      },
      ingressSettings: 'ALLOW_ALL',
      uri: `https://${id.toLowerCase()}-k3yq7x2n5a-as.a.run.app`,
      serviceAccountEmail: RUNTIME_ACCOUNT,
      secretEnvironmentVariables: [
        {
          key: 'TIKI_CLIENT_SECRET',
          projectId: PROJECT,
          secret: 'TIKI_CLIENT_SECRET',
          version: '3',
        },
      ],
      ...serviceChanges,
    },
    state,
    ...(stateMessages && { stateMessages }),
    environment: 'GEN_2',
  });
}

export interface Binding {
  readonly role: string;
  readonly members: readonly string[];
  readonly condition?: object;
}

export function policyJson(...bindings: readonly Binding[]): Answer {
  // Google omits empty fields.
  return jsonAnswer(200, { version: 1, etag: 'BwYx', ...(bindings.length > 0 && { bindings }) });
}

export function secretJson(value: string, version = '3'): Answer {
  const data = Buffer.from(value).toString('base64');
  return jsonAnswer(200, {
    name: `projects/4711/secrets/TIKI_CLIENT_SECRET/versions/${version}`,
    payload: { data, dataCrc32c: '1234567' },
  });
}

/** Google's error envelope: https://cloud.google.com/apis/design/errors#http_mapping */
export function googleError(code: number, status: string, details?: readonly object[]): Answer {
  const message = `a message of Google's that nobody should see`;
  return jsonAnswer(code, { error: { code, status, message, ...(details && { details }) } });
}

export const denied = googleError(403, 'PERMISSION_DENIED');

export function apiDisabled(service: string): Answer {
  return googleError(403, 'PERMISSION_DENIED', [
    { '@type': 'type.googleapis.com/google.rpc.Help', links: [] },
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'SERVICE_DISABLED',
      domain: 'googleapis.com',
      metadata: { service, consumer: 'projects/4711' },
    },
  ]);
}

/** An answer of the functions, made by their own code. */
export function bridgeProblem(
  code:
    | 'internal'
    | 'invalid-code'
    | 'invalid-request'
    | 'method-not-allowed'
    | 'misconfigured'
    | 'not-found',
): Answer {
  const request = { field: 'code', fault: 'missing' } as const;
  return problemAnswer(new Problem(code, { request, allow: 'POST' }), 'a-request-id', 'en');
}

/** A Google API as Service Usage shows it. */
export function apiJson(name: string, state: 'ENABLED' | 'DISABLED'): Answer {
  return jsonAnswer(200, { name: `projects/4711/services/${name}.googleapis.com`, state });
}

/** The Cloud Run service of a function. */
export function serviceJson(id: 'auth' | 'gateway', ingress = 'INGRESS_TRAFFIC_ALL'): Answer {
  return jsonAnswer(200, { name: serviceOf(id), ingress });
}

const PUBLIC = policyJson({ role: 'roles/run.invoker', members: ['allUsers'] });

/** A project without a fault. */
export const HEALTHY: Routes = {
  [AT.project]: jsonAnswer(200, {
    name: 'projects/4711',
    projectId: PROJECT,
    state: 'ACTIVE',
    displayName: 'Shop',
  }),
  [AT.iamCredentialsApi]: apiJson('iamcredentials', 'ENABLED'),
  [AT.identityToolkitApi]: apiJson('identitytoolkit', 'ENABLED'),
  [AT.appCheckApi]: apiJson('firebaseappcheck', 'ENABLED'),
  [AT.authentication]: jsonAnswer(200, {
    name: 'projects/4711/config',
    subtype: 'FIREBASE_AUTH',
    client: { apiKey: 'a-web-api-key' },
  }),
  [AT.function]: functionJson(),
  [AT.service]: serviceJson('auth'),
  [AT.servicePolicy]: PUBLIC,
  [AT.gateway]: functionJson({}, 'gateway'),
  // Most projects have no web sessions, no private backend and no payments.
  [AT.sessions]: googleError(404, 'NOT_FOUND'),
  [AT.backend]: googleError(404, 'NOT_FOUND'),
  [AT.payments]: googleError(404, 'NOT_FOUND'),
  [AT.functions]: jsonAnswer(200, {}),
  [AT.ttl]: jsonAnswer(200, {
    fields: [
      {
        name: `projects/${PROJECT}/databases/(default)/collectionGroups/bridgeAudit/fields/auditExpiresAt`,
        ttlConfig: { state: 'ACTIVE' },
      },
    ],
  }),
  [AT.gatewayService]: serviceJson('gateway'),
  [AT.gatewayPolicy]: PUBLIC,
  [AT.account(RUNTIME_ACCOUNT)]: jsonAnswer(200, { email: RUNTIME_ACCOUNT }),
  [AT.accountPolicy(RUNTIME_ACCOUNT)]: policyJson({
    role: 'roles/iam.serviceAccountTokenCreator',
    members: [MEMBER],
  }),
  [AT.projectPolicy]: policyJson({ role: 'roles/owner', members: ['user:owner@example.com'] }),
  [AT.secret('3')]: secretJson(PRODUCTION_APP.clientSecret),
  [AT.secret('latest')]: secretJson(PRODUCTION_APP.clientSecret),
  [AT.functionItself]: bridgeProblem('invalid-request'),
  [AT.hosting]: bridgeProblem('invalid-request'),
  [AT.refreshByHosting]: bridgeProblem('invalid-request'),
  [AT.infoByHosting]: bridgeProblem('invalid-request'),
  [AT.gatewayByHosting]: bridgeProblem('method-not-allowed'),
  [AT.tokenByHosting]: bridgeProblem('method-not-allowed'),
  [AT.firestoreByHosting]: bridgeProblem('method-not-allowed'),
  [AT.keyLookup]: jsonAnswer(200, { parent: 'projects/4711/locations/global', name: WEB_KEY }),
  [AT.key]: jsonAnswer(200, { name: WEB_KEY, displayName: 'Browser key' }),
  [AT.validationFile('abc123')]: {
    status: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: 'abc123',
  },
};
