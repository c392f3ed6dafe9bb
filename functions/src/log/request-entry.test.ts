import fc from 'fast-check';
import { Problem } from '../problem';
import { requestEntry, type RequestFacts } from './request-entry';

const facts: RequestFacts = {
  route: 'auth_exchange',
  requestId: 'request-1',
  status: 200,
  uid: 'tiki:1',
  totalMs: 12.345,
  steps: [
    { name: 'signing', from: 0, to: 1, failed: false },
    { name: 'tiki', from: 1, to: 8.77, failed: false },
    { name: 'signing', from: 9, to: 11, failed: false },
  ],
  problem: undefined,
  appCheckFailure: undefined,
  projectId: undefined,
  secrets: ['canary'],
};

describe('requestEntry', () => {
  it('logs user, outcome and durations of a login', () => {
    expect(requestEntry(facts)).toEqual({
      severity: 'INFO',
      message: 'auth_exchange: ok',
      route: 'auth_exchange',
      outcome: 'ok',
      status: 200,
      requestId: 'request-1',
      uid: 'tiki:1',
      ms: { total: 12.3, tiki: 7.8, signing: 3 },
    });
  });

  it('logs the cause and the remedy', () => {
    const operator = { cause: 'The cause', account: 'a@b', remedy: 'gcloud x' };
    const problem = new Problem('signing-denied', { operator });
    const entry = requestEntry({
      ...facts,
      uid: undefined,
      steps: [],
      totalMs: 1,
      status: 500,
      problem,
    });
    expect(entry).toMatchObject({
      severity: 'ERROR',
      message: 'auth_exchange: signing-denied: The cause',
      outcome: 'signing-denied',
      operator,
      ms: { total: 1 },
    });
    expect(entry).not.toHaveProperty('uid');
  });

  it.each([
    ['shop', 'deploy --project shop'],
    ['$(touch pwned)', "deploy --project '$(touch pwned)'"],
    [undefined, 'deploy --project <project>'],
  ])('has the project %s in the command that fixes it', (projectId, remedy) => {
    const operator = { cause: 'The cause', remedy: 'deploy --project <project>' };
    const problem = new Problem('misconfigured', { operator });
    expect(requestEntry({ ...facts, projectId, problem })).toMatchObject({ operator: { remedy } });
  });

  it('describes an unexpected error without its secrets', () => {
    const problem = new Problem('internal', { cause: new Error('canary in a message') });
    const entry = requestEntry({ ...facts, problem });
    expect(entry['error']).toMatchObject({ name: 'Error', message: '••• in a message' });
    expect(JSON.stringify(entry)).not.toContain('canary');
  });

  it('masks configured secrets in every field', () => {
    const operator = { cause: 'canary', tiki: { reason: 'canary', requestId: 'x-canary' } };
    const problem = new Problem('invalid-code', { operator });
    const entry = requestEntry({ ...facts, requestId: 'canary', problem });
    expect(JSON.stringify(entry)).not.toContain('canary');
  });

  it('masks the credential in text from elsewhere', () => {
    const operator = {
      cause: 'Tiki refused',
      tiki: { reason: 'the canary-code', requestId: 'canary-code' },
    };
    const problem = new Problem('internal', { operator, cause: new Error('canary-code in it') });
    const entry = requestEntry({
      ...facts,
      requestId: 'canary-code',
      problem,
      appCheckFailure: new Error('canary-code as well'),
      secrets: [],
      credential: 'canary-code',
    });
    expect(entry).toMatchObject({
      message: 'auth_exchange: internal: Tiki refused: the •••',
      operator: { tiki: { reason: 'the •••', requestId: '•••' } },
    });
    expect(JSON.stringify(entry)).not.toContain('canary');
  });

  it('keeps its own text, whatever a caller sends as a credential', () => {
    const operator = { cause: 'Too many exchanges from 203.0.113.5', remedy: 'wait' };
    const problem = new Problem('rate-limited', { operator });
    const fact = { ...facts, requestId: '0b9e7b1c-aaaa-bbbb-cccc-dddddddddddd', problem };
    const expected = requestEntry(fact);
    const ownWords = JSON.stringify(expected)
      .split(/[{}":,]+/)
      .filter((word) => word !== '' && word !== fact.requestId);
    const credential = fc.oneof(
      fc.constantFrom(...ownWords, 'INFO', 'WARNING', 'ERROR', 'e', '203.0.113.5'),
      fc.string(),
      fc.constantFrom(...ownWords).chain((word) => fc.nat(word.length).map((at) => word.slice(at))),
    );
    fc.assert(
      fc.property(credential, (given) => {
        expect(requestEntry({ ...fact, credential: given })).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('is never longer than 2 KB', () => {
    const text = fc.string({ maxLength: 5_000 });
    fc.assert(
      fc.property(text, text, fc.array(text), (name, message, frames) => {
        const error = Object.assign(new Error(message), {
          name,
          stack: `Error: ${message}\n${frames.map((frame) => `    at ${frame}`).join('\n')}`,
        });
        const operator = { cause: 'c'.repeat(200), remedy: 'r'.repeat(600) };
        const problem = new Problem('internal', { operator, cause: error });
        const entry = requestEntry({ ...facts, problem, appCheckFailure: error });
        expect(Buffer.byteLength(JSON.stringify(entry))).toBeLessThanOrEqual(2_000);
      }),
      { numRuns: 300 },
    );
  });

  it('logs a warning when a login continued without App Check', () => {
    const entry = requestEntry({ ...facts, appCheckFailure: new Error('canary') });
    expect(entry).toMatchObject({
      severity: 'WARNING',
      outcome: 'ok',
      appCheck: { name: 'Error' },
    });
    expect(JSON.stringify(entry)).not.toContain('canary');
  });

  it.each([
    ['invalid-code', 'INFO'],
    ['rate-limited', 'WARNING'],
    ['tiki-timeout', 'WARNING'],
    ['tiki-unavailable', 'WARNING'],
    ['misconfigured', 'ERROR'],
    ['internal', 'ERROR'],
  ] as const)('gives %s the severity %s', (code, severity) => {
    expect(requestEntry({ ...facts, problem: new Problem(code) }).severity).toBe(severity);
  });
});
