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
