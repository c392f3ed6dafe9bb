import { Problem } from '../problem';
import type { Provider, Tokens } from '../providers/provider';
import { createLogin, type LoginEffects } from './login';

const TOKENS: Tokens = {
  accessToken: 'a',
  expiresIn: 1,
  refreshToken: undefined,
  scopes: [],
  tokenType: 'bearer',
  customer: { id: '7', name: 'Lan' },
};
const context = { deadline: () => 8_000, caller: '203.0.113.5' };

/** Each takes 10 ms. */
const step = (name: string, from: number) => ({ name, from, to: from + 10, failed: false });

function loginWith(effects: Partial<LoginEffects> & { readonly provider?: Provider } = {}) {
  let now = 0;
  const provider: Provider = {
    name: 'tiki',
    uidPrefix: 'tiki:',
    customerIdClaim: 'tikiCustomerId',
    exchange: () => Promise.resolve(TOKENS),
    refresh: () => Promise.resolve(TOKENS),
    identify: () => Promise.reject(new Error('not called')),
  };
  return createLogin({
    provider,
    mint: { ready: () => Promise.resolve(), sign: () => Promise.resolve('token') },
    mintAppCheck: undefined,
    elapsed: () => (now += 10),
    ...effects,
  });
}

describe('createLogin', () => {
  it('returns the session, and how long each kind of step took', async () => {
    expect(await loginWith().exchange('code', context)).toEqual({
      value: {
        uid: 'tiki:7',
        customer: TOKENS.customer,
        scopes: [],
        customToken: 'token',
        expiresIn: 3_600,
        tokens: TOKENS,
        appCheck: undefined,
      },
      facts: {
        uid: 'tiki:7',
        steps: [step('signing', 10), step('tiki', 30), step('signing', 50)],
      },
    });
  });

  it('has an App Check token, or continues without and returns why', async () => {
    const token = { appCheckToken: 'app-check', appCheckExpiresIn: 1 };
    const minted = await loginWith({ mintAppCheck: () => Promise.resolve({ token }) }).exchange(
      'code',
      context,
    );
    expect(minted).toMatchObject({ value: { appCheck: token } });
    expect(minted.facts).not.toHaveProperty('appCheckFailure');

    const failure = new Error('no App Check');
    const without = await loginWith({ mintAppCheck: () => Promise.resolve({ failure }) }).exchange(
      'code',
      context,
    );
    expect(without).toMatchObject({
      value: { appCheck: undefined },
      facts: { appCheckFailure: failure },
    });
  });

  it('returns what is known of a login that fails in its last step', async () => {
    const problem = new Problem('signing-denied');
    const mint = { ready: () => Promise.resolve(), sign: () => Promise.reject(problem) };
    expect(await loginWith({ mint }).exchange('code', context)).toEqual({
      problem,
      facts: {
        uid: 'tiki:7',
        steps: [step('signing', 10), step('tiki', 30), { ...step('signing', 50), failed: true }],
      },
    });
  });

  it('spends no code where nothing can be signed, and makes an unexpected error internal', async () => {
    const ready = () => Promise.reject(new TypeError('unexpected'));
    const mint = { ready, sign: () => Promise.reject(new Error('not called')) };
    const ended = await loginWith({ mint }).exchange('code', context);
    expect(ended).toMatchObject({ problem: { code: 'internal' } });
    expect(ended.facts.steps).toEqual([{ ...step('signing', 10), failed: true }]);
  });

  it('identifies nobody by a token that is refused', async () => {
    expect(await loginWith().info('token', context)).toMatchObject({
      problem: { code: 'internal' },
      facts: { steps: [{ ...step('tiki', 10), failed: true }] },
    });
  });
});
