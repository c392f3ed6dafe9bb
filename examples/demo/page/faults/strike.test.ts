import type { Run } from '../login/recorder';
import type { ExchangeOutcome } from './bridge';
import { strike, type CodeSource, type StrikeEffects } from './strike';

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

/** Effects that advance a fake clock. */
function world(changes: Partial<StrikeEffects> = {}) {
  let clock = 0;
  const after = <T>(ms: number, result: T): Promise<T> => {
    clock += ms;
    return Promise.resolve(result);
  };
  const effects: StrikeEffects = {
    simulator: {
      issueAuthCode: () => after(10, 'code'),
      callsFor: () =>
        after(1000, [{ path: '/oauth/auth/token', outcome: 'ok', signature: 'ab12…', ms: 30 }]),
    },
    exchange: () => after(50, answered),
    now: () => clock,
    ...changes,
  };
  return { effects, after };
}

const run = (
  effects: StrikeEffects,
  source: CodeSource = issued,
  report: (run: Run) => void = () => undefined,
) => strike(1, source, effects, report);

const stepOf = (run: Run, id: string) => run.steps.find((step) => step.id === id);

describe('strike', () => {
  it('times each answer and the total, excluding the time to read the log', async () => {
    const done = await run(world().effects);

    expect(done).toMatchObject({ state: 'ok', totalMs: 60, exchangeMs: 50, status: 200 });
    expect(done.steps.filter(({ state }) => state !== 'done')).toEqual([]);
    expect(stepOf(done, 'code-given')).toMatchObject({ ms: 10 });
    expect(stepOf(done, 'tiki-asked')).toMatchObject({ detail: 'ab12…' });
    expect(stepOf(done, 'tiki-answered')).toMatchObject({ ms: 30 });
    expect(stepOf(done, 'token-minted')).toMatchObject({ ms: 20, detail: 'tiki:1042' });
  });

  it('reports a request while its answer is pending', async () => {
    const waiting = new Set<string>();
    await run(world().effects, issued, ({ steps }) => {
      for (const { id, state } of steps) if (state === 'waiting') waiting.add(id);
    });

    expect([...waiting]).toEqual(['code-asked', 'exchange-asked']);
  });

  it('stops at a refusal and leaves the remaining steps planned', async () => {
    const { effects } = world({ exchange: () => Promise.resolve(refused) });
    const failed = await run(effects);

    expect(failed).toMatchObject({ state: 'failed', status: 401, failure: { requestId: 'r1' } });
    expect(stepOf(failed, 'exchange-answered')).toMatchObject({
      state: 'failed',
      label: '401 invalid-code',
    });
    expect(stepOf(failed, 'tiki-answered')).toMatchObject({ state: 'failed' });
    expect(stepOf(failed, 'token-minted')).toMatchObject({ state: 'planned' });
  });

  it('reports a simulator that does not answer as unreachable', async () => {
    const { effects } = world();
    const simulator = {
      ...effects.simulator,
      issueAuthCode: () => Promise.reject(new TypeError('Failed to fetch')),
    };
    const failed = await run({ ...effects, simulator });

    expect(failed.failure).toEqual({ code: 'unreachable', detail: 'Failed to fetch' });
    expect(stepOf(failed, 'code-given')).toMatchObject({ state: 'failed' });
  });

  it('shows both uses of a code that is used twice', async () => {
    const outcomes = [answered, refused];
    const { effects } = world({ exchange: () => Promise.resolve(outcomes.shift() ?? refused) });
    const failed = await run(effects, { kind: 'used', customer, scopes: [] });

    expect(stepOf(failed, 'first-use-answered')).toMatchObject({ state: 'done' });
    expect(stepOf(failed, 'exchange-answered')).toMatchObject({ state: 'failed' });
  });

  it('shows the call of /oauth/me if there was one', async () => {
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
    const done = await run({ ...effects, simulator });

    expect(stepOf(done, 'me-answered')).toMatchObject({ state: 'done', ms: 5 });
    expect(stepOf(done, 'token-minted')).toMatchObject({ ms: 40 });
  });

  it('does not ask Tiki for an invented code', async () => {
    const done = await run(world().effects, { kind: 'invented', code: 'made.up' });

    expect(stepOf(done, 'code-asked')).toBeUndefined();
    expect(done.state).toBe('ok');
  });
});
