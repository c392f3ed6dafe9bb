import type { ExchangeOutcome } from './bridge';
import type { Run } from './recorder';
import { runLogin, type CodeSource, type LoginEffects } from './run';

const customer = { id: '1042', name: 'Lê Quốc Bảo' };
const issued: CodeSource = { kind: 'issued', customer, scopes: [] };

const answered: ExchangeOutcome = {
  kind: 'answer',
  status: 200,
  answer: { customToken: 'custom', uid: 'tiki:1042', scopes: [] },
};
const refused: ExchangeOutcome = {
  kind: 'failure',
  failure: { code: 'invalid-code', detail: 'Refused.', status: 401, requestId: 'r1' },
};

/** A clock that each effect moves on by as much as it is said to take. */
function world(changes: Partial<LoginEffects> = {}) {
  let clock = 0;
  const after = <T>(ms: number, result: T): Promise<T> => {
    clock += ms;
    return Promise.resolve(result);
  };
  const effects: LoginEffects = {
    simulator: {
      issueAuthCode: () => after(10, 'code'),
      callsFor: () =>
        after(1000, [{ path: '/oauth/auth/token', outcome: 'ok', signature: 'ab12…', ms: 30 }]),
    },
    exchange: () => after(50, answered),
    signIn: () => after(20, 'id-token'),
    now: () => clock,
    ...changes,
  };
  return { effects, after };
}

const login = (
  effects: LoginEffects,
  source: CodeSource = issued,
  report: (run: Run) => void = () => undefined,
) => runLogin(1, source, effects, report);

const stepOf = (run: Run, id: string) => run.steps.find((step) => step.id === id);

describe('runLogin', () => {
  it('times each answer, and the whole without the reading of the log', async () => {
    const run = await login(world().effects);

    expect(run).toMatchObject({ state: 'ok', totalMs: 80, exchangeMs: 50, idToken: 'id-token' });
    expect(run.steps.filter(({ state }) => state !== 'done')).toEqual([]);
    expect(stepOf(run, 'code-given')).toMatchObject({ ms: 10 });
    expect(stepOf(run, 'tiki-asked')).toMatchObject({ detail: 'ab12…' });
    expect(stepOf(run, 'tiki-answered')).toMatchObject({ ms: 30 });
    expect(stepOf(run, 'token-minted')).toMatchObject({ ms: 20, detail: 'tiki:1042' });
    expect(stepOf(run, 'signed-in')).toMatchObject({ ms: 20 });
  });

  it('reports a question while its answer is awaited', async () => {
    const waiting = new Set<string>();
    await login(world().effects, issued, ({ steps }) => {
      for (const { id, state } of steps) if (state === 'waiting') waiting.add(id);
    });

    expect([...waiting]).toEqual(['code-asked', 'exchange-asked', 'sign-in-asked']);
  });

  it('stops at the answer that was a refusal and leaves the rest as planned', async () => {
    const { effects } = world({ exchange: () => Promise.resolve(refused) });
    const run = await login(effects);

    expect(run).toMatchObject({ state: 'failed', status: 401, failure: { requestId: 'r1' } });
    expect(stepOf(run, 'exchange-answered')).toMatchObject({
      state: 'failed',
      label: '401 invalid-code',
    });
    expect(stepOf(run, 'tiki-answered')).toMatchObject({ state: 'failed' });
    expect(stepOf(run, 'signed-in')).toMatchObject({ state: 'planned' });
  });

  it('draws what Firebase threw where it was thrown', async () => {
    const thrown = Object.assign(new Error('Bad token.'), { code: 'auth/invalid-custom-token' });
    const run = await login(world({ signIn: () => Promise.reject(thrown) }).effects);

    expect(run.failure).toEqual({ code: 'auth/invalid-custom-token', detail: 'Bad token.' });
    expect(stepOf(run, 'signed-in')).toMatchObject({
      state: 'failed',
      label: 'auth/invalid-custom-token',
    });
    expect(stepOf(run, 'exchange-answered')).toMatchObject({ state: 'done' });
  });

  it('calls a simulator that does not answer unreachable', async () => {
    const { effects } = world();
    const simulator = {
      ...effects.simulator,
      issueAuthCode: () => Promise.reject(new TypeError('Failed to fetch')),
    };
    const run = await login({ ...effects, simulator });

    expect(run.failure).toEqual({ code: 'unreachable', detail: 'Failed to fetch' });
    expect(stepOf(run, 'code-given')).toMatchObject({ state: 'failed' });
  });

  it('draws both uses of a code that is used twice', async () => {
    const outcomes = [answered, refused];
    const { effects } = world({ exchange: () => Promise.resolve(outcomes.shift() ?? refused) });
    const run = await login(effects, { kind: 'used', customer, scopes: [] });

    expect(stepOf(run, 'first-use-answered')).toMatchObject({ state: 'done' });
    expect(stepOf(run, 'exchange-answered')).toMatchObject({ state: 'failed' });
  });

  it('draws the question to /oauth/me when there was one', async () => {
    const { effects, after } = world();
    const call = { path: '/oauth/auth/token', outcome: 'fault:missing-customer' };
    const simulator = {
      ...effects.simulator,
      callsFor: () =>
        after(0, [
          { ...call, signature: undefined, ms: 5 },
          { path: '/oauth/me', outcome: 'ok', signature: undefined, ms: 5 },
        ]),
    };
    const run = await login({ ...effects, simulator });

    expect(stepOf(run, 'me-answered')).toMatchObject({ state: 'done', ms: 5 });
    expect(stepOf(run, 'token-minted')).toMatchObject({ ms: 40 });
  });

  it('does not ask Tiki for a code that is invented', async () => {
    const run = await login(world().effects, { kind: 'invented', code: 'made.up' });

    expect(stepOf(run, 'code-asked')).toBeUndefined();
    expect(run.state).toBe('ok');
  });
});
