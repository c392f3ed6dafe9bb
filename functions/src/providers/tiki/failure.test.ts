import { Problem, PROBLEMS } from '../../problem';
import { answerOf, problemOf, type TikiFailure } from './outcome';

const reasons = { invalid_code: 'invalid-code' } as const;
const refused = (reason: string, status = 400): TikiFailure => ({
  kind: 'refused',
  reason,
  status,
  serviceCode: '7',
  requestId: 'r-1',
});

describe('problemOf', () => {
  it.each<[TikiFailure, string]>([
    [refused('invalid_code'), 'invalid-code'],
    [refused('invalid_code', 200), 'invalid-code'],
    [refused('invalid_code', 500), 'invalid-code'],
    [refused('invalid_signature'), 'tiki-rejected-signature'],
    [refused('invalid_token'), 'tiki-bad-response'],
    [refused('toString'), 'tiki-bad-response'],
    [refused('something_new'), 'tiki-bad-response'],
    [refused('something_new', 503), 'tiki-unavailable'],
    [refused('too_many_requests', 429), 'tiki-unavailable'],
    [{ kind: 'wrong-shape', where: 'data.customer.id' }, 'tiki-bad-response'],
    [{ kind: 'unexpected-status', status: 302 }, 'tiki-bad-response'],
    [{ kind: 'unexpected-status', status: 404 }, 'tiki-bad-response'],
    [{ kind: 'unexpected-status', status: 429 }, 'tiki-unavailable'],
    [{ kind: 'unexpected-status', status: 500 }, 'tiki-unavailable'],
    [{ kind: 'no-answer' }, 'tiki-timeout'],
    [{ kind: 'no-connection', errno: 'ECONNRESET' }, 'tiki-unavailable'],
  ])('makes %j into %s', (failure, code) => {
    const problem = problemOf(failure, reasons);
    expect(problem.code).toBe(code);
    const comesWithRetryAfter = PROBLEMS[problem.code].status === 503;
    expect(problem.extras.retryAfterSeconds !== undefined).toBe(comesWithRetryAfter);
  });

  it('passes on the Retry-After of Tiki, at most a minute', () => {
    const seconds = (retryAfterSeconds: number) =>
      problemOf({ kind: 'unexpected-status', status: 503, retryAfterSeconds }, reasons).extras
        .retryAfterSeconds;
    expect([seconds(0), seconds(7), seconds(9999)]).toEqual([1, 7, 60]);
    const refusal = { ...refused('too_many_requests', 429), retryAfterSeconds: 30 };
    expect(problemOf(refusal, reasons).extras.retryAfterSeconds).toBe(30);
  });

  it("keeps what Tiki's support asks for", () => {
    expect(problemOf(refused('invalid_code', 401), reasons).extras.operator?.tiki).toEqual({
      reason: 'invalid_code',
      status: 401,
      serviceCode: '7',
      requestId: 'r-1',
    });
    const bare = problemOf({ kind: 'refused', reason: 'a', status: 400 }, reasons);
    expect(bare.extras.operator?.tiki).toStrictEqual({ reason: 'a', status: 400 });
  });

  it.each<[TikiFailure, string, object | undefined]>([
    [
      refused('something_new'),
      'Tiki refused',
      { reason: 'something_new', status: 400, serviceCode: '7', requestId: 'r-1' },
    ],
    [
      { kind: 'wrong-shape', where: 'data.customer.id' },
      "Tiki's answer is not of the documented shape at: data.customer.id",
      undefined,
    ],
    [
      { kind: 'unexpected-status', status: 302 },
      'Tiki answered with HTTP status 302',
      { status: 302 },
    ],
    [
      { kind: 'unexpected-status', status: 500 },
      'Tiki answered with HTTP status 500',
      { status: 500 },
    ],
    [{ kind: 'no-answer' }, 'Tiki did not answer in time', undefined],
    [
      { kind: 'no-connection', errno: 'ECONNREFUSED' },
      'No connection to Tiki: ECONNREFUSED',
      undefined,
    ],
  ])('tells the operator of %j what happened', (failure, cause, tiki) => {
    expect(problemOf(failure, reasons).extras.operator).toEqual({ cause, ...(tiki && { tiki }) });
  });

  const badSignature = (aheadMs: number | undefined) => {
    const failure = { ...refused('invalid_signature'), ...(aheadMs !== undefined && { aheadMs }) };
    return problemOf(failure, reasons).extras.operator;
  };

  it('tells the operator how to fix a refused signature', () => {
    const operator = badSignature(3_000);
    expect(operator?.remedy).toContain(
      'npx firebase functions:secrets:set TIKI_CLIENT_SECRET --project <project>',
    );
    expect(operator?.remedy).toContain('TIKI_API_BASE_URL');
    expect(operator?.remedy).toMatch(/^check in Tini Console/);
    expect(operator?.cause).toBe(
      'Tiki refused the signature, not for its time: ' +
        'the clock of this machine is 3 s ahead of Tiki',
    );
  });

  it.each([
    [600_000, '10 min 0 s ahead of Tiki', 600],
    [-90_400, '1 min 30 s behind Tiki', -90],
    [10 * 3_600_000, '10 hours ahead of Tiki', 36_000],
  ])('blames the clock alone when it is %i ms ahead', (aheadMs, words, clockAheadSeconds) => {
    const operator = badSignature(aheadMs);
    expect(operator?.cause).toBe(
      `Tiki refused the signature, because the clock of this machine is ${words}`,
    );
    expect(operator?.tiki).toMatchObject({ reason: 'invalid_signature', clockAheadSeconds });
    expect(operator?.remedy).toMatch(/^set the clock: \S/);
    expect(operator?.remedy).not.toMatch(/TIKI_CLIENT/);
  });

  it('asks for the clock too where Tiki does not tell its time', () => {
    expect(badSignature(undefined)?.cause).toContain("does not tell Tiki's time");
    expect(badSignature(undefined)?.remedy).toMatch(
      /^is this machine's clock right\? If so, check/,
    );
  });
});

describe('answerOf', () => {
  it('is the data of an answer', () => {
    expect(answerOf({ kind: 'answer', data: 1 }, reasons)).toBe(1);
  });

  it('throws for everything else', () => {
    expect(() => answerOf({ kind: 'no-answer' }, reasons)).toThrow(Problem);
  });
});
