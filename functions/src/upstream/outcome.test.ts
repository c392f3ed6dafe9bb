import { HEALTH, retryAfterSeconds, symptomOf, type Failure, type Verdict } from './outcome';

describe('the health of an upstream', () => {
  it.each<[Failure, Verdict]>([
    [{ kind: 'no-connection', errno: 'ECONNREFUSED' }, 'failure'],
    [{ kind: 'no-connection', errno: 'ECONNRESET' }, 'failure'],
    [{ kind: 'no-answer' }, 'failure'],
    [{ kind: 'unexpected-status', status: 500 }, 'failure'],
    [{ kind: 'unexpected-status', status: 503 }, 'failure'],
    [{ kind: 'refused', reason: 'UNAVAILABLE', status: 503 }, 'failure'],
    [{ kind: 'refused', reason: 'INTERNAL', status: 500 }, 'unknown'],
    [{ kind: 'refused', reason: 'DEADLINE_EXCEEDED', status: 504 }, 'unknown'],
    [{ kind: 'refused', reason: 'RESOURCE_EXHAUSTED', status: 429 }, 'success'],
    [{ kind: 'unexpected-status', status: 429 }, 'success'],
    [{ kind: 'unexpected-status', status: 404 }, 'success'],
    [{ kind: 'refused', reason: 'PERMISSION_DENIED', status: 403 }, 'success'],
    [{ kind: 'unexpected-status', status: 600 }, 'success'],
    [{ kind: 'unexpected-status', status: 599 }, 'failure'],
    [{ kind: 'wrong-shape', where: 'body' }, 'success'],
  ])('after %j: %s', (failure, verdict) => {
    expect(HEALTH[symptomOf(failure)]).toBe(verdict);
  });
});

describe('retryAfterSeconds', () => {
  it('reads small whole numbers and nothing else', () => {
    expect(retryAfterSeconds('7')).toBe(7);
    for (const header of [undefined, '', '-1', '1.5', '99999', 'Wed, 21 Oct 2026 07:28:00 GMT']) {
      expect(retryAfterSeconds(header)).toBeUndefined();
    }
  });
});
