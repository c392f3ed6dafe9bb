import { Problem, PROBLEMS, type ProblemCode } from '../problem';
import { problemAnswer } from './answer';

const codes = Object.keys(PROBLEMS) as ProblemCode[];

describe('problemAnswer', () => {
  it.each(codes)('answers %s as problem+json in both languages', (code) => {
    const { status, title } = PROBLEMS[code];
    const [english, vietnamese] = (['en', 'vi'] as const).map((language) => {
      const answer = problemAnswer(new Problem(code), 'request-1', language);
      expect(answer.status).toBe(status);
      expect(answer.headers).toMatchObject({
        'Content-Type': 'application/problem+json; charset=utf-8',
        'Content-Language': language,
      });
      const body = JSON.parse(answer.body) as Record<string, unknown>;
      expect(body).toMatchObject({ title, status, code, requestId: 'request-1' });
      expect(body['type']).toContain(code);
      return String(body['detail']);
    });
    expect(english).toMatch(/\.$/);
    expect(vietnamese).toMatch(/\.$/);
    expect(english).not.toBe(vietnamese);
  });

  it('names the field that is wrong', () => {
    const problem = new Problem('invalid-request', { request: { field: 'code', fault: 'empty' } });
    const detail = (language: 'en' | 'vi') =>
      (JSON.parse(problemAnswer(problem, 'r', language).body) as { detail: string }).detail;
    expect(detail('en')).toBe('The field "code" is empty.');
    expect(detail('vi')).toBe('Trường "code" đang để trống.');
  });

  it.each([
    [{ maxBytes: 16 * 1024 }, 'The body is larger than 16 KiB. Send less at once.'],
    [{ maxBytes: 256 * 1024 }, 'The body is larger than 256 KiB. Send less at once.'],
  ])('names the limit: %j', (request, detail) => {
    const { body } = problemAnswer(new Problem('payload-too-large', { request }), 'r', 'en');
    expect(JSON.parse(body)).toMatchObject({ detail });
  });

  it.each(codes.filter((code) => PROBLEMS[code].retry === 'no'))(
    'never advises to repeat %s as it is',
    (code) => {
      const { body } = problemAnswer(new Problem(code), 'r', 'en');
      expect((JSON.parse(body) as { detail: string }).detail).not.toMatch(
        /try again|same request/i,
      );
    },
  );

  it('adds what a function says in another form', () => {
    const members = ({ code }: Problem, detail: string) => ({
      error: { message: `${code} ${detail}` },
    });
    const { body } = problemAnswer(new Problem('not-found'), 'r', 'en', members);
    expect(JSON.parse(body)).toMatchObject({
      code: 'not-found',
      error: { message: 'not-found There is nothing at this address.' },
    });
  });

  it('carries Allow, Retry-After and a challenge where they belong', () => {
    const headers = (problem: Problem) => problemAnswer(problem, 'r', 'en').headers;
    expect(headers(new Problem('method-not-allowed', { allow: 'POST' }))['Allow']).toBe('POST');
    expect(headers(new Problem('tiki-unavailable', { retryAfterSeconds: 2 }))['Retry-After']).toBe(
      '2',
    );
    expect(headers(new Problem('invalid-code'))['WWW-Authenticate']).toContain('Bearer');
    expect(headers(new Problem('internal'))).not.toHaveProperty('WWW-Authenticate');
  });

  it('shows nothing of what is meant for the operator', () => {
    const problem = new Problem('signing-denied', {
      operator: { cause: 'canary', account: 'canary', remedy: 'canary' },
      cause: new Error('canary'),
    });
    expect(JSON.stringify(problemAnswer(problem, 'r', 'en'))).not.toContain('canary');
  });
});
