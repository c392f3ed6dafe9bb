import { Problem, PROBLEMS, type ProblemCode } from '../problem';
import { googleError } from './google-error';

const codes = Object.keys(PROBLEMS) as ProblemCode[];

/** What Firebase's Auth SDK takes for the code. */
function authCode(problem: Problem, method = 'lookup'): string | undefined {
  const body = googleError(`/identitytoolkit/v1/accounts:${method}`, problem, 'A detail.');
  return (body as { error: { message: string } }).error.message.split(' : ')[0];
}

describe("the code that Firebase's Auth SDK reads from a refusal", () => {
  // With any other code, the SDK signs out whoever opens the app in that moment.
  it.each(codes.filter((code) => PROBLEMS[code].retry === 'yes'))(
    'keeps users signed in, since a retry may help: %s',
    (code) => {
      expect(authCode(new Problem(code))).toBe('NETWORK_REQUEST_FAILED');
    },
  );

  it('keeps users signed in while an operator corrects a parameter', () => {
    expect(authCode(new Problem('misconfigured'))).toBe('NETWORK_REQUEST_FAILED');
  });

  it('keeps users of a slow network signed in', () => {
    const request = { body: 'incomplete' } as const;
    expect(authCode(new Problem('invalid-request', { request }))).toBe('NETWORK_REQUEST_FAILED');
  });

  it('names what a retry cannot fix', () => {
    const request = { body: 'not-a-token-form' } as const;
    expect(authCode(new Problem('invalid-request', { request }))).toBe('INVALID_REQUEST');
    expect(authCode(new Problem('misconfigured'), 'signInWithCustomToken')).toBe('INTERNAL_ERROR');
  });

  it.each(codes)('never ends a session by name: %s', (code) => {
    expect(authCode(new Problem(code))).not.toMatch(
      /^(?:TOKEN_EXPIRED|USER_|INVALID_ID_TOKEN|INVALID_REFRESH_TOKEN)/,
    );
  });
});
