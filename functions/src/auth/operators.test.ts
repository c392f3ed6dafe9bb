import type { IncomingRequest } from '../http/request';
import { Problem } from '../problem';
import type { BreakerState } from '../upstream/circuit-breaker';
import { createOperators, ownUrl, type OperatorOptions } from './operators';

// Genuine and forged tokens of Google: test/attacks/forged-operator-tokens.

const OWN_URL = 'https://asia-southeast1-shop.cloudfunctions.net/auth';
/** What Google's library finds in a token. */
const EMAILS: Readonly<Record<string, string | undefined>> = {
  operators: 'Operator@shop.example',
  strangers: 'stranger@shop.example',
};

const asked = (token?: string) =>
  // All that is read of a request.
  ({
    headers: token === undefined ? {} : { 'x-operator-token': token },
  }) as unknown as IncomingRequest;

function operatorsOf(options: Partial<OperatorOptions> = {}) {
  const audiences: string[] = [];
  let opened = 0;
  const operators = createOperators(
    {
      emails: new Set(['operator@shop.example']),
      audience: OWN_URL,
      upstreams: () => ({ signer: 'closed', tiki: 'closed', firestore: undefined }),
      required: ['signer', 'tiki'],
      ...options,
    },
    () => {
      opened += 1;
      return Promise.resolve((token, audience) => {
        audiences.push(audience);
        return Promise.resolve(EMAILS[token]);
      });
    },
  );
  return { ...operators, audiences, opened: () => opened };
}

/** Why a request was refused, as the log has it. */
async function causeOf(answering: Promise<unknown>): Promise<string | undefined> {
  const refused: unknown = await answering.catch((error: unknown) => error);
  if (!(refused instanceof Problem)) throw new Error('It was not refused');
  expect(refused.code).toBe('not-found');
  return refused.extras.operator?.cause;
}

describe('readiness', () => {
  it.each<[BreakerState, BreakerState, BreakerState | undefined, number]>([
    ['closed', 'closed', undefined, 200],
    // The next calls decide.
    ['half-open', 'closed', 'closed', 200],
    // Logins are counted in memory meanwhile.
    ['closed', 'closed', 'open', 200],
    ['open', 'closed', 'closed', 503],
    ['closed', 'open', undefined, 503],
  ])('with signer %s, Tiki %s and Firestore %s is %i', async (signer, tiki, firestore, status) => {
    const { ready } = operatorsOf({ upstreams: () => ({ signer, tiki, firestore }) });
    const outcome = await ready(asked('operators'));

    if (!('answer' in outcome)) throw new Error('It was refused');
    expect(outcome.answer.status).toBe(status);
    expect(JSON.parse(outcome.answer.body as string)).toEqual({
      ready: status === 200,
      upstreams: { signer, tiki, firestore: firestore ?? 'not-used' },
    });
  });

  it('is told for tokens for this function, by one verifier', async () => {
    const { ready, audiences, opened } = operatorsOf();
    await ready(asked('operators'));
    await ready(asked('operators'));

    expect([audiences, opened()]).toEqual([[OWN_URL, OWN_URL], 1]);
  });

  it.each<[string, Partial<OperatorOptions>, string | undefined, string]>([
    ['nobody, by default', { emails: new Set() }, 'operators', 'OPERATOR_EMAILS is empty'],
    [
      'nobody, where it is not deployed',
      { audience: undefined },
      'operators',
      'This function does not know its own URL',
    ],
    ['nobody without a token', {}, undefined, 'The request has no X-Operator-Token'],
    [
      'nobody with a token that is not valid',
      {},
      'canary',
      `X-Operator-Token is no valid Google ID token for ${OWN_URL}`,
    ],
    [
      'no other account',
      {},
      'strangers',
      'The account of X-Operator-Token is not in OPERATOR_EMAILS',
    ],
  ])('is told %s', async (_, options, token, cause) => {
    const { ready } = operatorsOf(options);

    expect(await causeOf(ready(asked(token)))).toBe(cause);
  });
});

it.each([
  ['projects/shop/locations/asia-southeast1/services/auth', OWN_URL],
  [
    'projects/shop/locations/asia-southeast1/services/kit-login-auth',
    'https://asia-southeast1-shop.cloudfunctions.net/kit-login-auth',
  ],
  [undefined, undefined],
  ['projects/shop/locations/asia-southeast1/services/auth/more', undefined],
  ['projects/shop/locations/evil.example/services/auth', undefined],
])('the own URL by %s is %s', (source, url) => {
  expect(ownUrl(source)).toBe(url);
});
