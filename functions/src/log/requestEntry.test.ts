import { Problem } from '../problem';
import { requestEntry, type RequestFacts } from './requestEntry';

const facts: RequestFacts = {
  route: 'auth_exchange',
  requestId: 'request-1',
  status: 200,
  uid: 'tiki:1',
  ms: { total: 12.345, tiki: 7.77, signing: 3 },
  problem: undefined,
  appCheckFailure: undefined,
  secrets: ['canary'],
};

describe('requestEntry', () => {
  it('says of a login who, how and how long', () => {
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

  it('says what is wrong and how to mend it', () => {
    const operator = { cause: 'The cause', account: 'a@b', remedy: 'gcloud x' };
    const problem = new Problem('signing-denied', { operator });
    const entry = requestEntry({
      ...facts,
      uid: undefined,
      ms: { total: 1 },
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

  it('describes an unexpected error without its secrets', () => {
    const problem = new Problem('internal', { cause: new Error('canary in a message') });
    const entry = requestEntry({ ...facts, problem });
    expect(entry['error']).toMatchObject({ name: 'Error', message: '••• in a message' });
    expect(JSON.stringify(entry)).not.toContain('canary');
  });

  it('holds no secret wherever one got in', () => {
    const operator = { cause: 'canary', tiki: { reason: 'canary', requestId: 'x-canary' } };
    const problem = new Problem('invalid-code', { operator });
    const entry = requestEntry({ ...facts, requestId: 'canary', problem });
    expect(JSON.stringify(entry)).not.toContain('canary');
  });

  it('warns that a login went on without App Check', () => {
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
