/** A login as a sequence of steps between four parties, for the diagram. */

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

/** `planned` steps are drawn faintly: they are still to come, or did not happen after a failure. */
export type StepState = 'planned' | 'waiting' | 'done' | 'failed';

export interface Step {
  readonly id: StepId;
  readonly from: Lane;
  readonly to: Lane;
  /** Technical, not translated. */
  readonly label: string;
  /** Specific to this login: the uid, the signature. */
  readonly detail?: string;
  readonly state: StepState;
  /** Milliseconds from the request to this answer. */
  readonly ms?: number;
}

/** Why a login failed. */
export interface Failure {
  /** An error code of the library, a problem code of the bridge, or `unreachable`. */
  readonly code: string;
  readonly detail: string;
  /** HTTP status, if there was an answer. */
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
  // Their label is set when they fail.
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

/** The steps of a complete login. */
export const PLANNED_LOGIN = plan([...EXCHANGE, 'sign-in-asked', 'signed-in', 'session-kept']);

/** The steps of restoring a session. */
export const PLANNED_RESTORE = plan(['session-read', 'customer-asked', 'customer-given']);

/** The steps of an exchange, which Tiki's faults affect. */
export const PLANNED_EXCHANGE = plan(EXCHANGE);

function plan(ids: readonly StepId[]): readonly Step[] {
  return ids.map(planned);
}

export function planned(id: StepId): Step {
  const [from, to, label] = ROUTES[id];
  return { id, from, to, label, state: 'planned' };
}

/** Whether a step went as planned, so that its usual explanation applies. */
export function isUsual({ id, label }: Step): boolean {
  const usual = ROUTES[id][2];
  return usual === '' || usual === label;
}

export type StepChange = Partial<Pick<Step, 'label' | 'detail' | 'state' | 'ms'>>;

export function change(steps: readonly Step[], id: StepId, change: StepChange): readonly Step[] {
  return steps.map((step) => (step.id === id ? { ...step, ...change } : step));
}

/** Inserts optional steps into the plan, right before `before`. */
export function insert(
  steps: readonly Step[],
  ids: readonly StepId[],
  before: StepId,
): readonly Step[] {
  return steps.flatMap((step) => (step.id === before ? [...plan(ids), step] : [step]));
}
