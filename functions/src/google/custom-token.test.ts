import type { Clock } from '../clock';
import { Problem } from '../problem';
import { guardedBy } from '../upstream/circuit-breaker';
import { createMint } from './custom-token';
import { sharedSigner, type TokenSigner } from './signer';

const claims = { provider: 'tiki', tikiCustomerId: '1' };
let callers = 0;
/** A request of somebody new, with so many ms left. */
const withLeft = (ms: number) => ({ deadline: () => ms, caller: `caller ${(callers += 1)}` });
const inTime = () => withLeft(1_000);
const signer = (createCustomToken: TokenSigner['createCustomToken']): TokenSigner => ({
  ready: () => Promise.resolve(),
  createCustomToken,
  createAppCheckToken: () => Promise.reject(new Error('not asked for')),
  accounts: () =>
    Promise.resolve({
      signsAs: 'signer@demo.iam.gserviceaccount.com',
      callsAs: undefined,
      projectId: undefined,
    }),
});

function mintWith(
  open: () => Promise<TokenSigner>,
  clock: Pick<Clock, 'elapsed'> = { elapsed: () => 0 },
) {
  const { ready, sign } = createMint(
    sharedSigner(open),
    guardedBy(clock, 'signing-unavailable', 'IAM'),
  );
  return { ready: (context = inTime()) => ready(context), mint: sign };
}

describe('createMint', () => {
  it('opens the signer once and asks it for each token', async () => {
    let opened = 0;
    const { mint } = mintWith(() => {
      opened += 1;
      return Promise.resolve(signer((uid, given) => Promise.resolve(uid + JSON.stringify(given))));
    });
    const tokens = await Promise.all([
      mint('tiki:1', claims, inTime()),
      mint('tiki:2', claims, inTime()),
    ]);
    expect(tokens[1]).toBe('tiki:2{"provider":"tiki","tikiCustomerId":"1"}');
    expect(opened).toBe(1);
  });

  it('tries again to open a signer that could not be opened', async () => {
    let opened = 0;
    const { mint } = mintWith(() => {
      opened += 1;
      return opened === 1
        ? Promise.reject(new Problem('misconfigured'))
        : Promise.resolve(signer(() => Promise.resolve('token')));
    });
    await expect(mint('tiki:1', claims, inTime())).rejects.toMatchObject({ code: 'misconfigured' });
    await expect(mint('tiki:1', claims, inTime())).resolves.toBe('token');
  });

  it('does not wait longer than the request has', async () => {
    const never = signer(() => new Promise<string>(() => undefined));
    const { mint } = mintWith(() => Promise.resolve(never));
    await expect(mint('tiki:1', claims, withLeft(5))).rejects.toMatchObject({
      code: 'signing-unavailable',
      extras: { retryAfterSeconds: 2 },
    });
    await expect(mint('tiki:1', claims, withLeft(-5))).rejects.toBeInstanceOf(Problem);
  });

  it('lets no rejection go unhandled that comes after the time was up', async () => {
    let fail: (error: Error) => void = () => undefined;
    const late = signer(
      () =>
        new Promise<string>((_, reject) => {
          fail = reject;
        }),
    );
    const { mint } = mintWith(() => Promise.resolve(late));
    await expect(mint('tiki:1', claims, withLeft(1))).rejects.toBeInstanceOf(Problem);
    fail(new Error('late'));
    // jest fails this test on an unhandled rejection.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('explains what createCustomToken throws synchronously', async () => {
    const throwing = signer(() => {
      throw new Error("Permission 'iam.serviceAccounts.signBlob' denied");
    });
    await expect(
      mintWith(() => Promise.resolve(throwing)).mint('tiki:1', claims, inTime()),
    ).rejects.toMatchObject({
      code: 'signing-denied',
      extras: { operator: { account: 'signer@demo.iam.gserviceaccount.com' } },
    });
  });

  it('stops calling a signer after twenty failures, before another code is spent', async () => {
    let asked = 0;
    const failing = signer(() => {
      asked += 1;
      return Promise.reject(new Error('503'));
    });
    const { mint, ready } = mintWith(() => Promise.resolve(failing));
    await ready();
    for (let i = 0; i < 20; i += 1) {
      await expect(mint('tiki:1', claims, inTime())).rejects.toMatchObject({
        code: 'signing-unavailable',
      });
    }
    await expect(ready()).rejects.toMatchObject({
      code: 'signing-unavailable',
      extras: { retryAfterSeconds: 15 },
    });
    expect(asked).toBe(20);
  });

  it.each([
    '{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}',
    'Error while parsing response data: "x". Raw server response: "". Status code: "429".',
  ])('does not take 429 for an outage: %s', async (message) => {
    const { mint, ready } = mintWith(() =>
      Promise.resolve(signer(() => Promise.reject(new Error(message)))),
    );
    for (let i = 0; i < 30; i += 1) {
      await expect(mint('tiki:1', claims, inTime())).rejects.toMatchObject({
        code: 'signing-unavailable',
      });
    }
    await ready();
  });

  it('does not take a denial for an outage', async () => {
    const denied = signer(() => Promise.reject(new Error('iam.serviceAccounts.signBlob denied')));
    const { mint, ready } = mintWith(() => Promise.resolve(denied));
    for (let i = 0; i < 30; i += 1) {
      await expect(mint('tiki:1', claims, inTime())).rejects.toMatchObject({
        code: 'signing-denied',
      });
    }
    await ready();
  });

  it('replaces a signer that hangs, in opening or in signing', async () => {
    jest.useFakeTimers();
    try {
      for (const stuckOpening of [true, false]) {
        let opened = 0;
        const never = new Promise<never>(() => undefined);
        const { mint } = mintWith(() => {
          opened += 1;
          if (opened === 1 && stuckOpening) return never;
          const stuck = opened === 1;
          return Promise.resolve(signer(() => (stuck ? never : Promise.resolve('token'))));
        });
        const both = Promise.allSettled([1, 2].map(() => mint('tiki:1', claims, withLeft(8_000))));
        await jest.advanceTimersByTimeAsync(3_000);
        expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
        expect(await mint('tiki:1', claims, inTime())).toBe('token');
        expect(opened).toBe(2);
      }
    } finally {
      jest.useRealTimers();
    }
  });

  it('does not blame a signer that was given too little time', async () => {
    const never = signer(() => new Promise<never>(() => undefined));
    const { mint, ready } = mintWith(() => Promise.resolve(never));
    for (let i = 0; i < 30; i += 1) {
      await expect(mint('tiki:1', claims, withLeft(1))).rejects.toBeInstanceOf(Problem);
    }
    await ready();
  });

  describe('when fifteen seconds have passed without a call', () => {
    /** A signer that has failed twenty times, and a mint that may try it again. */
    async function rested() {
      let elapsed = 0;
      let signing: () => Promise<string> = () => Promise.reject(new Error('503'));
      const { mint, ready } = mintWith(() => Promise.resolve(signer(() => signing())), {
        elapsed: () => elapsed,
      });
      const sign = () => mint('tiki:1', claims, inTime());
      for (let i = 0; i < 20; i += 1) await expect(sign()).rejects.toBeInstanceOf(Problem);
      elapsed += 15_000;
      return { ready, sign, healed: (now: () => Promise<string>) => (signing = now) };
    }

    it('lets three signatures find out, and the others keep their codes until then', async () => {
      const { ready, sign, healed } = await rested();
      const give: ((token: string) => void)[] = [];
      healed(() => new Promise((resolve) => give.push(resolve)));
      const three = Promise.all([sign(), sign(), sign()]);
      await expect(ready()).rejects.toMatchObject({ extras: { retryAfterSeconds: 1 } });
      await new Promise(setImmediate);
      give.forEach((each) => {
        each('token');
      });
      expect(await three).toEqual(['token', 'token', 'token']);
      await ready();
    });

    it('lets no login that ends before it signs keep the others waiting', async () => {
      const { ready, sign, healed } = await rested();
      healed(() => Promise.resolve('token'));
      for (let i = 0; i < 3; i += 1) await ready();
      expect(await sign()).toBe('token');
    });

    it('still signs for a caller who has spent a code while others find out', async () => {
      const { ready, sign, healed } = await rested();
      let asked = 0;
      healed(() => ((asked += 1) <= 3 ? Promise.reject(new Error()) : Promise.resolve('token')));
      const all = await Promise.allSettled([sign(), sign(), sign(), sign()]);
      expect(all.map(({ status }) => status)).toEqual([
        ...Array<string>(3).fill('rejected'),
        'fulfilled',
      ]);
      // Only those that were to find out count.
      await expect(ready()).rejects.toBeInstanceOf(Problem);
    });
  });

  it('counts missing credentials as a failure of the signer', async () => {
    let asked = 0;
    const unready: TokenSigner = {
      ...signer(() => Promise.reject(new Error('not asked for'))),
      ready: () => {
        asked += 1;
        return Promise.reject(new Error('no access token'));
      },
    };
    const { ready } = mintWith(() => Promise.resolve(unready));
    for (let i = 0; i < 30; i += 1) {
      await expect(ready()).rejects.toMatchObject({ code: 'signing-unavailable' });
    }
    expect(asked).toBe(20);
  });

  it('does not count readiness as a success of the signer', async () => {
    const failing = signer(() => Promise.reject(new Error('503')));
    const { mint, ready } = mintWith(() => Promise.resolve(failing));
    for (let i = 0; i < 20; i += 1) {
      await ready();
      await ready();
      await expect(mint('tiki:1', claims, inTime())).rejects.toBeInstanceOf(Problem);
    }
    await expect(ready()).rejects.toBeInstanceOf(Problem);
  });

  it('explains why a signer cannot be opened', async () => {
    const { ready } = mintWith(() =>
      Promise.reject(new Error('Failed to determine service account')),
    );
    await expect(ready()).rejects.toMatchObject({ code: 'misconfigured' });
  });

  it('explains a failure also when the accounts are unknown', async () => {
    const anonymous: TokenSigner = {
      ...signer(() => Promise.reject(new Error('IAM_PERMISSION_DENIED'))),
      accounts: () => new Promise<never>(() => undefined),
    };
    const { mint } = mintWith(() => Promise.resolve(anonymous));
    await expect(mint('tiki:1', claims, withLeft(20))).rejects.toMatchObject({
      code: 'signing-denied',
    });
  });
});
