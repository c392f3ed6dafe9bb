/**
 * The ways in which `my.request` delivers an HTTP answer. Which of them a phone has is not
 * documented well enough to rely on one, so all can be chosen here.
 */
export interface RequestBehaviour {
  /** What `success` gets: `{data, headers, status}` or the body alone. */
  readonly success: 'envelope' | 'bare';
  readonly status: boolean;
  readonly headers: 'plain' | 'map' | 'none';
  /** JSON is left as text. */
  readonly text: boolean;
  /** Where an answer of 400 and above goes. */
  readonly errors: 'success' | 'fail';
  /** What `fail` then gets. */
  readonly failure:
    | 'envelope'
    | 'empty-envelope'
    | 'body'
    | 'status'
    | 'body-as-text'
    | 'sentence'
    | 'long-sentence'
    | 'nothing';
  /** The call also gives a promise, which rejects where `fail` is called. */
  readonly promise: boolean;
  /** Objects are sent as JSON whatever the Content-Type says. */
  readonly alwaysJson: boolean;
  /** The request goes on after `timeout` has passed. */
  readonly ignoresTimeout: boolean;
  /** What a network failure looks like. */
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
  networkFailure: 'object',
};

/** By name, for the tests that go through all of them. */
export const BEHAVIOURS: Readonly<Record<string, RequestBehaviour>> = {
  'as documented': DOCUMENTED,
  'a bare body': { ...DOCUMENTED, success: 'bare' },
  'a bare body, left as text': { ...DOCUMENTED, success: 'bare', text: true },
  'an envelope without a status': { ...DOCUMENTED, status: false },
  'an envelope without headers': { ...DOCUMENTED, headers: 'none' },
  'an envelope with nothing but the body': { ...DOCUMENTED, status: false, headers: 'none' },
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
  'errors in fail that say nothing': { ...DOCUMENTED, errors: 'fail', failure: 'nothing' },
};
