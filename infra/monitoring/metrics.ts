import { PROBLEMS, type ProblemCode } from '../../functions/src/problem';

// Log-based metrics, and the service level objectives of logins.

/** Functions of 2nd gen log as what they are: services of Cloud Run. */
export const CLOUD_RUN = 'resource.type="cloud_run_revision"';

/** The one entry of each request: docs/log.md. */
export const REQUESTS = `${CLOUD_RUN} AND jsonPayload.requestId:* AND jsonPayload.route:*`;

/** Whoever hangs up gets no answer, and learns nothing about how fast or good it was. */
const LOGINS =
  `${REQUESTS} AND jsonPayload.route=("auth_exchange" OR "auth_refresh")` +
  ' AND NOT jsonPayload.outcome="client-gone"';

/**
 * Whose fault a login without a session is: its caller's, the provider's (Tiki's), or ours, with
 * Google's below us. Only ours spends the error budget.
 */
const FAULT = {
  'invalid-request': 'caller',
  'invalid-code': 'caller',
  'invalid-token': 'caller',
  'not-found': 'caller',
  'method-not-allowed': 'caller',
  'payload-too-large': 'caller',
  'unsupported-media-type': 'caller',
  'rate-limited': 'caller',
  unauthenticated: 'caller',
  forbidden: 'caller',
  'invalid-hand-over': 'caller',
  conflict: 'caller',
  misconfigured: 'ours',
  'tiki-rejected-signature': 'ours',
  'signing-denied': 'ours',
  'tiki-bad-response': 'provider',
  'tiki-unavailable': 'provider',
  'signing-unavailable': 'ours',
  overloaded: 'ours',
  'tiki-timeout': 'provider',
  'upstream-bad-response': 'ours',
  'upstream-unavailable': 'ours',
  'upstream-timeout': 'ours',
  'not-configured': 'ours',
  internal: 'ours',
} as const satisfies Record<ProblemCode, 'caller' | 'provider' | 'ours'>;

/** Codes that an operator has to know; of its callers' faults the one that may be a wrong limit. */
export type AlertedCode =
  | { [Code in ProblemCode]: (typeof FAULT)[Code] extends 'caller' ? never : Code }[ProblemCode]
  | 'rate-limited';

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** Outcomes of logins that Tiki alone can end. */
export const PROVIDER_FAULTS = CODES.filter((code) => FAULT[code] === 'provider');

/** Outcomes of logins that spend the error budget. */
export const OUR_FAULTS = CODES.filter((code) => FAULT[code] === 'ours');

/** Milliseconds. With a bound at each figure that somebody promises or looks at. */
const LATENCY_BOUNDS = [
  50, 100, 150, 200, 250, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 4_000, 6_000, 8_000,
];

/** Entries of one kind. */
const entries = (description: string, filter: string) => ({
  description,
  filter,
  metricDescriptor: { metricKind: 'DELTA', valueType: 'INT64', unit: '1' },
});

const label = (key: string, description: string) => ({ key, valueType: 'STRING', description });
const ROUTE = label('route', 'Such as auth_exchange or firestore.get');
const OUTCOME = label('outcome', 'ok, or an error code of the README');

/** @see https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.metrics */
export const METRICS = {
  'tiki-bridge-requests': {
    description: 'Requests to the bridge, by route and outcome',
    filter: REQUESTS,
    metricDescriptor: {
      metricKind: 'DELTA',
      valueType: 'INT64',
      unit: '1',
      labels: [ROUTE, OUTCOME],
    },
    labelExtractors: {
      route: 'EXTRACT(jsonPayload.route)',
      outcome: 'EXTRACT(jsonPayload.outcome)',
    },
  },
  'tiki-bridge-logins': {
    description: 'Logins that were answered, by outcome',
    filter: LOGINS,
    metricDescriptor: { metricKind: 'DELTA', valueType: 'INT64', unit: '1', labels: [OUTCOME] },
    labelExtractors: { outcome: 'EXTRACT(jsonPayload.outcome)' },
  },
  'tiki-bridge-login-latency': {
    description: 'How long logins took until they were answered, ms',
    filter: LOGINS,
    metricDescriptor: { metricKind: 'DELTA', valueType: 'DISTRIBUTION', unit: 'ms' },
    valueExtractor: 'EXTRACT(jsonPayload.ms.total)',
    bucketOptions: { explicitBuckets: { bounds: LATENCY_BOUNDS } },
  },
  // Cloud Run gives the reason in textPayload, which requests that the bridge answers do not have. Its own
  // metric request_count leaves out what never reaches an instance:
  // https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-run
  'tiki-bridge-not-answered': entries(
    'Requests that Cloud Run answered itself: not public, no instance, or a crash',
    `${CLOUD_RUN} AND logName:"/logs/run.googleapis.com%2Frequests" AND textPayload:*` +
      ' AND (httpRequest.status>=500 OR httpRequest.status=(403 OR 429))',
  ),
  'tiki-bridge-app-check-failed': entries(
    'Logins that went on without App Check',
    `${REQUESTS} AND jsonPayload.appCheck:*`,
  ),
  'tiki-bridge-rate-limit-store': entries(
    'How often an instance said that it counts on its own',
    `${CLOUD_RUN} AND jsonPayload.message=~"^rate limit: "`,
  ),
  'tiki-bridge-traces-not-exported': entries(
    'How many instances could not export a trace',
    `${CLOUD_RUN} AND jsonPayload.outcome="traces-not-exported"`,
  ),
} as const;

export type MetricName = keyof typeof METRICS;

/** A Monitoring filter: the value of a label is one of these. */
export const oneOf = (label: string, values: readonly string[]): string =>
  `${label}=one_of(${values.map((value) => `"${value}"`).join(', ')})`;

/** A Monitoring filter: the time series of a log-based metric. */
export const seriesOf = (name: MetricName): string =>
  `metric.type="logging.googleapis.com/user/${name}" AND ${CLOUD_RUN}`;

/** @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/services */
export const SERVICE_ID = 'tiki-bridge';
export const SERVICE = { displayName: 'Tiki bridge', custom: {} };

const FOUR_WEEKS = '2419200s';

/** @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/services.serviceLevelObjectives */
export const SLOS = {
  'login-success': {
    displayName: '99.9 % of logins are answered without our fault, in four weeks',
    goal: 0.999,
    rollingPeriod: FOUR_WEEKS,
    serviceLevelIndicator: {
      requestBased: {
        goodTotalRatio: {
          totalServiceFilter: seriesOf('tiki-bridge-logins'),
          badServiceFilter:
            `${seriesOf('tiki-bridge-logins')} AND ` + oneOf('metric.labels.outcome', OUR_FAULTS),
        },
      },
    },
  },
  'login-latency': {
    displayName: '95 % of logins are answered within a second, in four weeks',
    goal: 0.95,
    rollingPeriod: FOUR_WEEKS,
    serviceLevelIndicator: {
      requestBased: {
        distributionCut: {
          distributionFilter: seriesOf('tiki-bridge-login-latency'),
          range: { min: 0, max: 1_000 },
        },
      },
    },
  },
} as const;

export type SloName = keyof typeof SLOS;

/** setup.sh and Terraform put the project's id here. */
export const PROJECT = 'PROJECT_ID';

/** And the prefix of the functions, in lower case as Cloud Run has it; empty if they have none. */
export const PREFIX = 'SERVICE_PREFIX';

export const sloPath = (name: SloName): string =>
  `projects/${PROJECT}/services/${SERVICE_ID}/serviceLevelObjectives/${name}`;
