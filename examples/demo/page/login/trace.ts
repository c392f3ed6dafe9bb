/** One login as a sequence of steps between four parties: what the diagram draws. */

export type Lane = 'app' | 'bridge' | 'tiki' | 'firebase';

export const LANES: readonly Lane[] = ['app', 'bridge', 'tiki', 'firebase'];

export type StepId =
  | 'code-asked'
  | 'code-given'
  | 'first-use-asked'
  | 'first-use-answered'
  | 'exchange-asked'
  | 'tiki-asked'
  | 'tiki-answered'
  | 'me-asked'
  | 'me-answered'
  | 'token-minted'
  | 'exchange-answered'
  | 'earlier-exchange'
  | 'sign-in-asked'
  | 'earlier-sign-in'
  | 'signed-in'
  | 'session-kept'
  | 'session-read'
  | 'customer-asked'
  | 'customer-given';

/** `planned` steps are drawn faintly: they come next, or never happened after a failure. */
export type StepState = 'planned' | 'waiting' | 'done' | 'failed';

export interface Step {
  readonly id: StepId;
  readonly from: Lane;
  readonly to: Lane;
  /** The technical words, the same in every language. */
  readonly label: string;
  /** What this one login adds to the label: whose uid, which signature. */
  readonly detail?: string;
  readonly state: StepState;
  /** Milliseconds from the question to this answer. */
  readonly ms?: number;
}

/** Why a login failed, in the words of whoever refused. */
export interface Failure {
  /** A code of the library's, a problem code of the bridge, or `unreachable`. */
  readonly code: string;
  readonly detail: string;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  readonly requestId?: string;
}

const ROUTES = {
  'code-asked': ['app', 'tiki', 'my.getAuthCode'],
  'code-given': ['tiki', 'app', 'authCode'],
  'first-use-asked': ['app', 'bridge', 'POST /auth_exchange'],
  'first-use-answered': ['bridge', 'app', '200 customToken'],
  'exchange-asked': ['app', 'bridge', 'POST /auth_exchange'],
  'tiki-asked': ['bridge', 'tiki', 'POST /oauth/auth/token'],
  'tiki-answered': ['tiki', 'bridge', 'customer'],
  'me-asked': ['bridge', 'tiki', 'POST /oauth/me'],
  'me-answered': ['tiki', 'bridge', 'customer'],
  'token-minted': ['bridge', 'bridge', 'createCustomToken'],
  'exchange-answered': ['bridge', 'app', '200 customToken'],
  // What came instead of an answer is their label.
  'earlier-exchange': ['bridge', 'app', ''],
  'sign-in-asked': ['app', 'firebase', 'signInWithCustomToken'],
  'earlier-sign-in': ['firebase', 'app', ''],
  'signed-in': ['firebase', 'app', 'ID token'],
  'session-kept': ['app', 'app', 'my.setStorage'],
  'session-read': ['app', 'app', 'my.getStorage'],
  'customer-asked': ['app', 'tiki', 'my.getUserInfo'],
  'customer-given': ['tiki', 'app', 'customerId'],
} as const satisfies Record<StepId, readonly [from: Lane, to: Lane, label: string]>;

const EXCHANGE: readonly StepId[] = [
  'code-asked',
  'code-given',
  'exchange-asked',
  'tiki-asked',
  'tiki-answered',
  'token-minted',
  'exchange-answered',
];

/** A whole login, before it starts. */
export const PLANNED_LOGIN = plan([...EXCHANGE, 'sign-in-asked', 'signed-in', 'session-kept']);

/** The start of an app that has been logged in to before. */
export const PLANNED_RESTORE = plan(['session-read', 'customer-asked', 'customer-given']);

/** Only the bridge's part of it, which is where Tiki's faults show. */
export const PLANNED_EXCHANGE = plan(EXCHANGE);

function plan(ids: readonly StepId[]): readonly Step[] {
  return ids.map(planned);
}

export function planned(id: StepId): Step {
  const [from, to, label] = ROUTES[id];
  return { id, from, to, label, state: 'planned' };
}

/** Whether a step came as planned, so that the usual explanation of it is true. */
export function isUsual({ id, label }: Step): boolean {
  const usual = ROUTES[id][2];
  return usual === '' || usual === label;
}

export type StepChange = Partial<Pick<Step, 'label' | 'detail' | 'state' | 'ms'>>;

export function change(steps: readonly Step[], id: StepId, change: StepChange): readonly Step[] {
  return steps.map((step) => (step.id === id ? { ...step, ...change } : step));
}

/** Puts steps into the plan that only some logins take; they come right before `before`. */
export function insert(
  steps: readonly Step[],
  ids: readonly StepId[],
  before: StepId,
): readonly Step[] {
  return steps.flatMap((step) => (step.id === before ? [...plan(ids), step] : [step]));
}
