/** How a function of `my` calls back. */
export type Callbacks =
  | 'once'
  | 'twice'
  /** `fail` after `success`, or `success` after `fail`. */
  | 'both'
  /** Before the function returns, where no network is involved. */
  | 'synchronously'
  | 'never'
  /** After 40 s. */
  | 'late'
  /** Only `complete`, without a value. */
  | 'complete only'
  /** The function throws instead. */
  | 'throws';

/**
 * How `my.request` delivers an HTTP response. The documentation does not say reliably which way a
 * phone uses, so tests run with all of them.
 */
export interface RequestBehaviour {
  /** What `success` gets: `{data, headers, status}` or only the body. */
  readonly success: 'envelope' | 'bare';
  readonly status: boolean;
  readonly headers: 'plain' | 'map' | 'none';
  /** JSON is not parsed. */
  readonly text: boolean;
  /** The callback for statuses of 400 and above. */
  readonly errors: 'success' | 'fail';
  /** What `fail` gets then. */
  readonly failure:
    | 'envelope'
    | 'empty-envelope'
    | 'body'
    | 'status'
    | 'body-as-text'
    | 'sentence'
    | 'long-sentence'
    | 'nothing';
  /** The call also returns a promise, which rejects if `fail` is called. */
  readonly promise: boolean;
  /** Objects are sent as JSON regardless of Content-Type. */
  readonly alwaysJson: boolean;
  /** `timeout` has no effect. */
  readonly ignoresTimeout: boolean;
  /** How all functions of `my` call back. */
  readonly callbacks: Callbacks;
  /** What `fail` gets on a network failure. */
  readonly networkFailure: 'object' | 'string';
}

export const DOCUMENTED: RequestBehaviour = {
  success: 'envelope',
  status: true,
  headers: 'plain',
  text: false,
  errors: 'success',
  failure: 'envelope',
  promise: false,
  alwaysJson: false,
  ignoresTimeout: false,
  callbacks: 'once',
  networkFailure: 'object',
};

/** By name, for tests that run with all of them. */
export const BEHAVIOURS: Readonly<Record<string, RequestBehaviour>> = {
  'as documented': DOCUMENTED,
  'a bare body': { ...DOCUMENTED, success: 'bare' },
  'a bare body, as text': { ...DOCUMENTED, success: 'bare', text: true },
  'an envelope without a status': { ...DOCUMENTED, status: false },
  'an envelope without headers': { ...DOCUMENTED, headers: 'none' },
  'an envelope with only the body': { ...DOCUMENTED, status: false, headers: 'none' },
  'headers as a map': { ...DOCUMENTED, headers: 'map' },
  'headers as a map, no status, JSON as text': {
    ...DOCUMENTED,
    headers: 'map',
    status: false,
    text: true,
  },
  'errors in fail': { ...DOCUMENTED, errors: 'fail' },
  'a bare body, bare errors in fail, and a promise': {
    ...DOCUMENTED,
    success: 'bare',
    errors: 'fail',
    failure: 'body',
    promise: true,
  },
  'errors in fail as the text of the body': {
    ...DOCUMENTED,
    errors: 'fail',
    failure: 'body-as-text',
    networkFailure: 'string',
  },
  'errors in fail as a status without a body': {
    ...DOCUMENTED,
    errors: 'fail',
    failure: 'status',
    alwaysJson: true,
  },
  'errors in fail as a sentence': {
    ...DOCUMENTED,
    errors: 'fail',
    failure: 'sentence',
    networkFailure: 'string',
  },
  'errors in fail as a long sentence in an object': {
    ...DOCUMENTED,
    errors: 'fail',
    failure: 'long-sentence',
  },
  'success twice': { ...DOCUMENTED, callbacks: 'twice' },
  'success and fail': { ...DOCUMENTED, callbacks: 'both' },
  'everything else synchronously': { ...DOCUMENTED, callbacks: 'synchronously' },
  'errors in fail without details': { ...DOCUMENTED, errors: 'fail', failure: 'nothing' },
};
