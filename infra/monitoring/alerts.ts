import { FUNCTION_NAMES } from '../../functions/src/operator';
import { onBurn, onCount, onEntry, onShare } from './conditions';
import {
  type AlertedCode,
  CLOUD_RUN,
  oneOf,
  OUR_FAULTS,
  PREFIX,
  PROVIDER_FAULTS,
  REQUESTS,
  seriesOf,
} from './metrics';

// Alert policies: one for each thing that an operator has to know, named as in docs/runbook.md.
// https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies

type Severity = 'CRITICAL' | 'ERROR' | 'WARNING';

interface AlertOnCode {
  readonly severity: Severity;
  /** What its users see. */
  readonly about: string;
  /** In five minutes; undefined: one is one too many. */
  readonly moreThan?: number;
}

const LOGINS_FAIL = 'Logins fail until this is fixed.';

const CODES: Readonly<Record<AlertedCode, AlertOnCode>> = {
  misconfigured: {
    severity: 'CRITICAL',
    about: 'Every request of one function fails until this is fixed.',
  },
  'tiki-rejected-signature': { severity: 'CRITICAL', about: LOGINS_FAIL },
  'signing-denied': { severity: 'CRITICAL', about: LOGINS_FAIL },
  internal: { severity: 'ERROR', about: 'A request failed in a way that nobody has foreseen.' },
  'signing-unavailable': {
    severity: 'CRITICAL',
    about: 'Google does not sign: logins fail, and clients try again.',
    moreThan: 20,
  },
  'tiki-unavailable': {
    severity: 'ERROR',
    about: 'Tiki cannot be reached: nobody can sign in anew. Sessions go on.',
    moreThan: 20,
  },
  'tiki-timeout': {
    severity: 'ERROR',
    about: 'Tiki does not answer in time: nobody can sign in anew. Sessions go on.',
    moreThan: 20,
  },
  'tiki-bad-response': {
    severity: 'ERROR',
    about: 'Tiki answers in a way that is not documented: logins fail.',
    moreThan: 20,
  },
  overloaded: {
    severity: 'ERROR',
    about: 'Requests are turned away: there are more than the instances take.',
    moreThan: 20,
  },
  'upstream-unavailable': {
    severity: 'WARNING',
    about: 'A service behind the gateway, sessions or backend cannot be reached.',
    moreThan: 20,
  },
  'upstream-timeout': {
    severity: 'WARNING',
    about: 'A service behind the gateway, sessions or backend does not answer in time.',
    moreThan: 20,
  },
  'upstream-bad-response': {
    severity: 'WARNING',
    about:
      'A service behind the gateway, sessions or backend answers with what cannot be passed on.',
    moreThan: 20,
  },
  'not-configured': {
    severity: 'WARNING',
    about: 'Clients call a function that this project has not set up.',
    moreThan: 20,
  },
  'rate-limited': {
    severity: 'WARNING',
    about: 'Callers are refused because their address sends too much. They may be customers.',
    moreThan: 100,
  },
};

interface Alert {
  readonly severity: Severity;
  readonly about: string;
  /** Where its cause stands; undefined: in an entry of the bridge's own. */
  readonly cause?: string;
  readonly conditions: readonly Readonly<Record<string, unknown>>[];
}

function onCode([code, { severity, about, moreThan: count }]: readonly [string, AlertOnCode]) {
  const conditions =
    count === undefined
      ? onEntry(`${REQUESTS} AND jsonPayload.outcome="${code}"`)
      : onCount(`${seriesOf('tiki-bridge-requests')} AND metric.labels.outcome="${code}"`, count);
  return [code, { severity, about, conditions }] as const;
}

const loginsWith = (outcomes: readonly string[]) =>
  `${seriesOf('tiki-bridge-logins')} AND ${oneOf('metric.labels.outcome', outcomes)}`;

/** The public functions. Nobody is surprised if Cloud Run refuses callers of the others. */
const PUBLIC = ['auth', 'gateway', 'sessions', 'backend', 'payments'];
const OF_PUBLIC = oneOf(
  'resource.labels.service_name',
  PUBLIC.map((name) => `${PREFIX}${name}`),
);

/** The functions that Cloud Scheduler starts. */
const SCHEDULED = ['reconcilePremium', 'reconcilePayments', 'paymentsDaily', 'pushDaily'];

const SERVICES = FUNCTION_NAMES.map((name) => name.toLowerCase());

/** Only of the bridge's functions: other functions of the project may log the same text. */
const onOwnEntry = (filter: string) =>
  onEntry(
    `${CLOUD_RUN} AND resource.labels.service_name=~"^${PREFIX}(${SERVICES.join('|')})$" AND ${filter}`,
  );

// The Firebase CLI names a job after its function, in upper and lower case as the prefix was given.
const JOBS = `resource.labels.job_id=~"(?i)^firebase-schedule-${PREFIX}(${SCHEDULED.join('|')})-"`;

/** What the bridge cannot log itself. */
const OUTAGES: Readonly<Record<string, Alert>> = {
  'not-answered': {
    severity: 'CRITICAL',
    about:
      'Cloud Run answers in place of the bridge: it does not start, has crashed, has no instance left, or is' +
      ' not public.',
    cause: "The bridge cannot log that: `textPayload` of Cloud Run's entries has the reason.",
    conditions: onCount(`${seriesOf('tiki-bridge-not-answered')} AND ${OF_PUBLIC}`, 5, 15),
  },
  // A job that never started logs nothing.
  'job-not-run': {
    severity: 'ERROR',
    about:
      'A scheduled function did not start, failed, or was paused: orders and premium are not reconciled,' +
      ' or nobody is reminded.',
    cause:
      'The entry of Cloud Scheduler names the job, and has the status of the attempt or who paused it.',
    conditions: onEntry(
      `resource.type="cloud_scheduler_job" AND ${JOBS}` +
        ' AND (severity>=ERROR OR protoPayload.methodName:"CloudScheduler.PauseJob")',
    ),
  },
  // The counts of their codes are never reached by an app with a few logins a minute.
  'tiki-logins-fail': {
    severity: 'ERROR',
    about: 'More than half of all logins fail at Tiki. Sessions go on.',
    conditions: [
      ...onShare(loginsWith(PROVIDER_FAULTS), seriesOf('tiki-bridge-logins'), 0.5, 15),
      ...onCount(loginsWith(PROVIDER_FAULTS), 4, 15),
    ],
  },
};

/** Entries that tell the operator something, besides the codes: docs/log.md. */
const EVENTS: Readonly<Record<string, Alert>> = {
  'auth-quota-exceeded': {
    severity: 'CRITICAL',
    about: 'Firebase Authentication allows no more sign-ins for now.',
    conditions: onEntry(`${REQUESTS} AND jsonPayload.outcome="auth-quota-exceeded"`),
  },
  'backend-forbidden': {
    severity: 'ERROR',
    about: 'The private backend refuses this bridge: its role is missing.',
    conditions: onEntry(`${REQUESTS} AND jsonPayload.outcome="backend-forbidden"`),
  },
  'app-check-failed': {
    severity: 'WARNING',
    about: 'Logins go on without App Check: what enforces it refuses these users.',
    // One is a call that took too long.
    conditions: onCount(seriesOf('tiki-bridge-app-check-failed'), 20),
  },
  'notification-refused': {
    severity: 'ERROR',
    about:
      "Messages about orders are refused: a wrong secret, or somebody else's. Paid orders wait.",
    conditions: onCount(
      `${seriesOf('tiki-bridge-requests')} AND metric.labels.route="notification"` +
        ' AND metric.labels.outcome="unauthenticated"',
      10,
    ),
  },
  'rate-limit-store': {
    severity: 'WARNING',
    about: 'Each instance counts on its own: limits are higher than they are meant to be.',
    // An instance says so every five minutes while it lasts.
    conditions: onCount(`${seriesOf('tiki-bridge-rate-limit-store')} AND ${OF_PUBLIC}`, 2, 15),
  },
  'traces-not-exported': {
    severity: 'WARNING',
    about: 'There are no traces. Nobody else notices.',
    // An instance says so once.
    conditions: onCount(seriesOf('tiki-bridge-traces-not-exported'), 2, 360),
  },
  'framework-not-found': {
    severity: 'WARNING',
    about: 'Requests take the slower way through Express.',
    conditions: onOwnEntry(
      `(jsonPayload.message=~"^functions-framework's server was not found"` +
        ` OR textPayload=~"^functions-framework's server was not found")`,
    ),
  },
  'uncaught-exception': {
    severity: 'ERROR',
    about: 'An instance ended in the middle of its requests. Another one was started.',
    conditions: onOwnEntry(
      '(textPayload:"Uncaught exception" OR jsonPayload.message:"Uncaught exception")',
    ),
  },
  'premium-drift-left': {
    severity: 'ERROR',
    about: 'Some accounts do not have the premium that they paid for, or have more.',
    conditions: onOwnEntry(
      'jsonPayload.message=~"^reconcilePremium: " AND jsonPayload.outcome="drift-left"',
    ),
  },
  'premium-withheld': {
    severity: 'CRITICAL',
    about: 'Documents of many customers are missing. Nobody has lost premium yet.',
    conditions: onOwnEntry(
      'jsonPayload.message=~"^reconcilePremium: " AND jsonPayload.outcome="withheld"',
    ),
  },
  'premium-not-finished': {
    severity: 'ERROR',
    about: 'The daily comparison of premium failed. Nobody notices before something differs.',
    conditions: onOwnEntry(
      'jsonPayload.message=~"^reconcilePremium: " AND jsonPayload.outcome="not-finished"',
    ),
  },
  'payments-findings': {
    severity: 'ERROR',
    about: 'Some orders cannot be settled: customers may wait for what they paid for.',
    conditions: onOwnEntry(
      'severity>=ERROR AND jsonPayload.message=~"^reconcilePayments: "' +
        ' AND jsonPayload.outcome="findings"',
    ),
  },
  'payments-order-mismatch': {
    severity: 'ERROR',
    about: 'An order at Tiki is not the one that was created here. It was not recorded.',
    conditions: onOwnEntry('jsonPayload.outcome="order-mismatch"'),
  },
  'payments-unknown-order': {
    severity: 'ERROR',
    about: "Tiki tells of an order that is not known here: it is lost, or another program's.",
    conditions: onOwnEntry('jsonPayload.outcome="unknown-order"'),
  },
  'payments-differences': {
    severity: 'ERROR',
    about: "Yesterday's orders differ from Tiki's: what is paid out is not what was sold.",
    conditions: onOwnEntry(
      'jsonPayload.message=~"^paymentsDaily: " AND jsonPayload.outcome="differences"',
    ),
  },
  'payments-not-finished': {
    severity: 'ERROR',
    about: 'A run over the orders failed. Paid orders may wait.',
    conditions: onOwnEntry(
      'jsonPayload.message=~"^(reconcilePayments|paymentsDaily): not finished"' +
        ' AND jsonPayload.outcome="not-finished"',
    ),
  },
  'push-failed': {
    severity: 'ERROR',
    about: 'Notifications do not arrive.',
    conditions: onOwnEntry('severity>=ERROR AND jsonPayload.message=~"^push: "'),
  },
};

/**
 * Windows and rates of Google's SRE Workbook, chapter 5, table 5-8. Each with a least number: of sixty
 * logins in an hour a single one that fails is 17 times what is allowed.
 */
const BURN_RATES: Readonly<Record<string, Alert>> = {
  'login-success-fast-burn': {
    severity: 'CRITICAL',
    about: 'Many logins fail by our fault: 2 % of four weeks of error budget in an hour.',
    conditions: [
      ...onBurn('login-success', 14.4, '3600s', '300s'),
      ...onCount(loginsWith(OUR_FAULTS), 5, 60),
    ],
  },
  'login-success-slow-burn': {
    severity: 'ERROR',
    about: 'Logins keep failing by our fault: 5 % of four weeks of error budget in six hours.',
    conditions: [
      ...onBurn('login-success', 6, '21600s', '1800s'),
      ...onCount(loginsWith(OUR_FAULTS), 5, 360),
    ],
  },
  'login-latency-burn': {
    severity: 'WARNING',
    about: 'Logins are slow: far more than one in twenty takes longer than a second.',
    conditions: [
      ...onBurn('login-latency', 6, '21600s', '1800s'),
      ...onCount(seriesOf('tiki-bridge-logins'), 20, 360),
    ],
  },
};

const ALL: Readonly<Record<string, Alert>> = {
  ...BURN_RATES,
  ...Object.fromEntries(Object.entries(CODES).map(onCode)),
  ...OUTAGES,
  ...EVENTS,
};

const IN_ENTRY = 'The entry in the log has the cause, and the command that ends it, in `operator`.';

function policyOf(name: string, { severity, about, cause = IN_ENTRY, conditions }: Alert) {
  const isLogMatch = conditions.some((condition) => 'conditionMatchedLog' in condition);
  return {
    displayName: `Tiki bridge: ${name}`,
    documentation: {
      mimeType: 'text/markdown',
      content:
        `${about}\n\n${cause}\n\nRunbook, in the repository and in the package ` +
        `tiki-firebase-bridge: docs/runbook.md#${name}`,
    },
    userLabels: { app: 'tiki-bridge' },
    severity,
    combiner: 'AND',
    conditions,
    alertStrategy: {
      autoClose: '86400s',
      // Google takes it for matches in the log only, and demands it there.
      ...(isLogMatch && { notificationRateLimit: { period: '3600s' } }),
    },
  };
}

/** By name, which is that of the file and of the runbook's heading. */
export const ALERTS = Object.fromEntries(
  Object.entries(ALL).map(([name, alert]) => [name, policyOf(name, alert)]),
);
