import { runs } from '@tiki-bridge/testing/deep';
import fc from 'fast-check';
import { PROBLEMS } from '../../src/problem';
import { startTestBridge, type TestBridge } from '../support/bridge';
import { jsonBody, oddRequest, type OddRequest } from './requests';
import { hangUp, send, sendSlowly, type Received } from './send';

const SEED = 20_261_122;
const RUNS = runs(1_000, 10_000);
/** How many must get as far as the body, with a valid method, path, type and size. */
const READ = 0.45 * RUNS;
/** How many different methods must be tried. */
const METHODS = runs(20, 30);

const SLOW_CALLERS = 60;
/** The bridge's timeout for a body, minus a tolerance between clocks. */
const BODY_TIMEOUT_MS = 4_000 - 10;

type Code = keyof typeof PROBLEMS;

/** Responses to HEAD have no body with the code, but the status distinguishes these two. */
const CODE_OF_HEAD: Readonly<Record<number, Code>> = {
  404: 'not-found',
  405: 'method-not-allowed',
};

/** The code of a problem, which must match its status. */
function codeOf({ method }: Pick<OddRequest, 'method'>, { status, type, body }: Received): Code {
  expect(type).toBe('application/problem+json; charset=utf-8');
  const code = method === 'HEAD' ? CODE_OF_HEAD[status] : (JSON.parse(body) as { code: Code }).code;
  expect(code && PROBLEMS[code].status).toBe(status);
  return code as Code;
}

describe('the HTTP border', () => {
  let bridge: TestBridge;
  beforeAll(async () => {
    bridge = await startTestBridge();
  });
  afterAll(async () => {
    hangUp();
    await bridge.close();
  });

  it('responds to arbitrary requests with a documented code, and never with 5xx to invalid input', async () => {
    const seen = new Map<Code, number>();
    const methods = new Set<string>();
    await fc.assert(
      fc.asyncProperty(oddRequest, async (sent) => {
        const received = await send(bridge.origin, sent);
        expect(received.status).toBeGreaterThanOrEqual(400);
        expect(received.status).toBeLessThan(500);
        const code = codeOf(sent, received);
        seen.set(code, (seen.get(code) ?? 0) + 1);
        methods.add(sent.method);
      }),
      { numRuns: RUNS, seed: SEED },
    );
    const count = (...codes: readonly Code[]) =>
      codes.reduce((sum, code) => sum + (seen.get(code) ?? 0), 0);
    expect(count('invalid-request', 'invalid-code', 'invalid-token')).toBeGreaterThan(READ);
    expect(methods.size).toBeGreaterThan(METHODS);
    expect([...seen.keys()].sort()).toEqual([
      'invalid-code',
      'invalid-request',
      'invalid-token',
      'method-not-allowed',
      'not-found',
      'payload-too-large',
      'unsupported-media-type',
    ]);
    // It still works.
    expect((await bridge.login({ customerId: '7' })).status).toBe(200);
  });

  it('times out incomplete bodies after four seconds, however slowly they arrive', async () => {
    const bodies = fc
      .sample(fc.tuple(jsonBody, fc.nat()), { numRuns: SLOW_CALLERS, seed: SEED })
      // Longer than what can arrive in that time.
      .map(([body, at]) => ({ body: Buffer.concat([body, Buffer.alloc(99, ' ')]), at }))
      .map(({ body, at }) => ({
        body,
        atOnce: at % (body.length - 98),
        pauseMs: 100 + (at % 900),
      }));
    const called = bridge.simulator.calls.length;
    const answers = await Promise.all(bodies.map((slow) => sendSlowly(bridge.origin, slow)));
    for (const answer of answers) {
      expect(codeOf({ method: 'POST' }, answer)).toBe('invalid-request');
      expect(answer.ms).toBeGreaterThanOrEqual(BODY_TIMEOUT_MS);
      // Ten seconds and more were still to come.
      expect(answer.unsent).toBeGreaterThan(0);
    }
    expect(bridge.simulator.calls).toHaveLength(called);
  });

  it('accepts a slow body that completes in time', async () => {
    const { authCode } = bridge.simulator.issueAuthCode({ customerId: '7' });
    const body = Buffer.from(JSON.stringify({ code: authCode }));
    const answer = await sendSlowly(bridge.origin, {
      body,
      atOnce: body.length - 10,
      pauseMs: 100,
    });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ uid: 'tiki:7' });
  });
});
