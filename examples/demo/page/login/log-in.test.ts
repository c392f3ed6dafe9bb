import { createObservation } from '../my/observation';
import { success, type Outcome } from '../my/outcome';
import { logIn, restore, type WatchEffects } from './log-in';
import type { Run } from './recorder';
import type { Simulator } from '../simulator';

const SIGN_IN = 'https://app.example/identitytoolkit/v1/accounts:signInWithCustomToken';
const EXCHANGE = 'https://app.example/auth_exchange';
const ANSWER = success({ status: 200, data: { customToken: 'custom', uid: 'tiki:1042' } });
const OVERLOADED = success({ status: 503, data: { code: 'overloaded' } });
const RATE_LIMITED = success({ status: 429, data: { code: 'rate-limited' } });
const OK = success({ status: 200, data: {} });

/** A fake clock that each call advances, and a library that makes the given calls. */
function world(changes: Partial<Simulator> = {}) {
  let clock = 0;
  const observation = createObservation();
  const effects: WatchEffects = {
    observation,
    simulator: {
      issueAuthCode: () => Promise.reject(new Error('The library asks my, not the simulator')),
      callsFor: () => {
        clock += 1000;
        return Promise.resolve([
          { path: '/oauth/auth/token', outcome: 'ok', signature: 'ab12…', ms: 30 },
        ]);
      },
      ...changes,
    },
    now: () => clock,
  };
  const call = (
    name: 'getAuthCode' | 'getUserInfo' | 'getStorage' | 'setStorage' | 'request',
    ms: number,
    outcome: Outcome = success({}),
    options: Record<string, unknown> = {},
  ) =>
    observation.around({ name, options }, () => {
      clock += ms;
      return Promise.resolve(outcome);
    });
  const exchange = (outcome: Outcome) =>
    call('request', 50, outcome, { url: EXCHANGE, data: { code: 'code' } });
  const pause = (ms: number) => (clock += ms);
  return { effects, call, exchange, pause };
}

const USER = { uid: 'tiki:1042', customer: { id: '1042', name: 'Lê Quốc Bảo' }, scopes: [] };

const login = (
  effects: WatchEffects,
  calls: () => Promise<unknown>,
  report: (run: Run) => void = () => undefined,
) =>
  logIn(
    1,
    {
      signIn: async () => {
        await calls();
        return USER;
      },
    },
    [],
    effects,
    report,
  );

const stepOf = (run: Run, id: string) => run.steps.find((step) => step.id === id);

describe('logIn', () => {
  it("draws and times the library's calls of my, excluding the time to read the log", async () => {
    const { effects, call, exchange } = world();
    const run = await login(effects, async () => {
      await call('getAuthCode', 10);
      await exchange(ANSWER);
      await call('request', 20, OK, { url: SIGN_IN });
      await call('setStorage', 2);
    });

    expect(run).toMatchObject({ state: 'ok', totalMs: 82, answer: { customToken: 'custom' } });
    expect(run.steps.map(({ id, state, ms }) => [id, state, ms])).toEqual([
      ['code-asked', 'done', undefined],
      ['code-given', 'done', 10],
      ['exchange-asked', 'done', undefined],
      ['tiki-asked', 'done', undefined],
      ['tiki-answered', 'done', 30],
      ['token-minted', 'done', 20],
      ['exchange-answered', 'done', 50],
      ['sign-in-asked', 'done', undefined],
      ['signed-in', 'done', 20],
      ['session-kept', 'done', 2],
    ]);
  });

  it('draws the check of the customer if the library makes it', async () => {
    const { effects, call } = world();
    const run = await login(effects, async () => {
      await call('getUserInfo', 3);
      await call('setStorage', 2);
    });

    expect(run.steps.slice(-3)).toMatchObject([
      { id: 'customer-asked', state: 'done' },
      { id: 'customer-given', state: 'done', ms: 3 },
      { id: 'session-kept', state: 'done' },
    ]);
  });

  it('keeps a line for each abandoned attempt, and includes the pauses', async () => {
    const { effects, call, exchange, pause } = world();
    const run = await login(effects, async () => {
      await call('getAuthCode', 10);
      await exchange(OVERLOADED);
      pause(300);
      await exchange(RATE_LIMITED);
      pause(600);
      await exchange(ANSWER);
      await call('request', 20, success({ status: 500, data: { error: { message: 'OOPS' } } }), {
        url: SIGN_IN,
      });
      await call('request', 20, OK, { url: SIGN_IN });
    });

    expect(run).toMatchObject({ state: 'ok', totalMs: 1100 });
    expect(run.steps.filter(({ state }) => state === 'failed')).toMatchObject([
      { id: 'earlier-exchange', from: 'bridge', to: 'app', label: '503 overloaded', ms: 50 },
      { id: 'earlier-exchange', label: '429 rate-limited' },
      { id: 'earlier-sign-in', from: 'firebase', to: 'app', label: '500 OOPS', ms: 20 },
    ]);
    expect(run.steps.map(({ id }) => id).slice(0, 5)).toEqual([
      'code-asked',
      'code-given',
      'earlier-exchange',
      'earlier-exchange',
      'exchange-asked',
    ]);
    expect(stepOf(run, 'signed-in')).toMatchObject({ state: 'done', label: 'ID token' });
  });

  it("ends with the library's error at the failed step", async () => {
    const { effects, call, exchange } = world();
    const body = { code: 'tiki-rejected-signature', requestId: 'r1' };
    const run = await login(effects, async () => {
      await call('getAuthCode', 10);
      await exchange(success({ status: 500, data: body }));
      const error = new Error('App error. Tell its developer.');
      throw Object.assign(error, { code: body.code, extras: { status: 500, body } });
    });

    expect(run).toMatchObject({
      state: 'failed',
      status: 500,
      failure: {
        ...{ code: body.code, requestId: 'r1' },
        detail: 'App error. Tell its developer.',
      },
    });
    expect(stepOf(run, 'tiki-answered')).toMatchObject({ state: 'failed' });
    expect(stepOf(run, 'exchange-answered')).toMatchObject({
      state: 'failed',
      label: '500 tiki-rejected-signature',
    });
    expect(stepOf(run, 'signed-in')).toMatchObject({ state: 'planned' });
  });

  it("continues without the simulator's log", async () => {
    const { effects, call, exchange } = world({
      callsFor: () => Promise.reject(new TypeError('Failed to fetch')),
    });
    const run = await login(effects, async () => {
      await call('getAuthCode', 10);
      await exchange(ANSWER);
    });

    expect(run.state).toBe('ok');
    expect(stepOf(run, 'tiki-answered')).toMatchObject({ state: 'planned' });
    expect(stepOf(run, 'token-minted')).toMatchObject({ state: 'done', ms: 50 });
  });

  it('passes every outcome to the library unchanged, including those of calls that are not drawn', async () => {
    const { effects, call, exchange } = world();
    const outcomes: Outcome[] = [];
    await login(effects, async () => {
      outcomes.push(await exchange(OVERLOADED));
      outcomes.push(await call('request', 5, OK, { url: 'https://app.example/firestore/v1/x' }));
    });

    expect(outcomes).toEqual([OVERLOADED, OK]);
  });
});

describe('restore', () => {
  const library = (calls: () => Promise<unknown>, user: typeof USER | null) => () => {
    const known = calls();
    return {
      onAuthStateChanged(listener: (first: typeof USER | null) => void) {
        void known.then(() => {
          listener(user);
        });
        return () => undefined;
      },
    };
  };

  it('draws the calls of storage and Tiki from the first one on', async () => {
    const { effects, call } = world();
    const calls = async () => {
      await call('getStorage', 1);
      await call('getUserInfo', 2, success({ customerId: '1042' }));
    };
    const { run } = await restore(library(calls, USER), effects);

    expect(run).toMatchObject({ state: 'ok', totalMs: 3 });
    expect(run?.steps.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'session-read done',
      'customer-asked done',
      'customer-given done',
    ]);
  });

  it('does not draw what is read and erased of the cache of listeners', async () => {
    const { effects, call } = world();
    const key = 'tiki-firebase-listen-demo-encrypted';
    const calls = async () => {
      await call('getStorage', 1);
      await call('getStorage', 5, success({}), { key });
      await call('setStorage', 5, success({}), { key });
    };
    const { run } = await restore(library(calls, USER), effects);

    expect(run?.steps.find(({ id }) => id === 'session-read')).toMatchObject({ ms: 1 });
  });

  it('draws nothing when signed out', async () => {
    const { effects, call } = world();
    const { run } = await restore(
      library(() => call('getStorage', 1), null),
      effects,
    );

    expect(run).toBeUndefined();
  });
});
