import { systemClock, type Clock } from '../clock';
import { Problem } from '../problem';
import { circuitBreaker } from '../protection/circuitBreaker';
import { sessionClaims } from './claims';
import { createMint, type Signature } from './customToken';
import { sharedSigner, type TokenSigner } from './sharedSigner';

const claims = sessionClaims('1');
const inTime = () => 1_000;
const signer = (createCustomToken: TokenSigner['createCustomToken']): TokenSigner => ({
  createCustomToken,
  createAppCheckToken: () => Promise.reject(new Error('not asked for')),
  accounts: () =>
    Promise.resolve({
      signsAs: 'signer@demo.iam.gserviceaccount.com',
      callsAs: undefined,
      projectId: undefined,
    }),
});

function mintWith(open: () => Promise<TokenSigner>, clock: Pick<Clock, 'elapsed'> = systemClock) {
  const { reserve } = createMint(sharedSigner(open), circuitBreaker(clock));
  const mint: Signature['sign'] = async (...args) => reserve().sign(...args);
  return { reserve, mint };
}

describe('createMint', () => {
  it('opens the signer once and asks it for each token', async () => {
    let opened = 0;
    const { mint } = mintWith(() => {
      opened += 1;
      return Promise.resolve(signer((uid, given) => Promise.resolve(uid + JSON.stringify(given))));
    });
    const tokens = await Promise.all([
      mint('tiki:1', claims, inTime),
      mint('tiki:2', claims, inTime),
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
    await expect(mint('tiki:1', claims, inTime)).rejects.toMatchObject({ code: 'misconfigured' });
    await expect(mint('tiki:1', claims, inTime)).resolves.toBe('token');
  });

  it('does not wait longer than the request has', async () => {
    const never = signer(() => new Promise<string>(() => undefined));
    const { mint } = mintWith(() => Promise.resolve(never));
    await expect(mint('tiki:1', claims, () => 5)).rejects.toMatchObject({
      code: 'signing-unavailable',
      extras: { retryAfterSeconds: 2 },
    });
    await expect(mint('tiki:1', claims, () => -5)).rejects.toBeInstanceOf(Problem);
  });

  it('lets no rejection go unhandled that comes after the time was up', async () => {
    const unhandled = jest.fn();
    process.once('unhandledRejection', unhandled);
    let fail: (error: Error) => void = () => undefined;
    const late = signer(
      () =>
        new Promise<string>((_, reject) => {
          fail = reject;
        }),
    );
    const { mint } = mintWith(() => Promise.resolve(late));
    await expect(mint('tiki:1', claims, () => 1)).rejects.toBeInstanceOf(Problem);
    fail(new Error('late'));
    await new Promise((resolve) => setImmediate(resolve));
    process.removeListener('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('explains what createCustomToken throws synchronously', async () => {
    const throwing = signer(() => {
      throw new Error("Permission 'iam.serviceAccounts.signBlob' denied");
    });
    await expect(
      mintWith(() => Promise.resolve(throwing)).mint('tiki:1', claims, inTime),
    ).rejects.toMatchObject({
      code: 'signing-denied',
      extras: { operator: { account: 'signer@demo.iam.gserviceaccount.com' } },
    });
  });

  it('leaves a signer alone that has failed twenty times, before another code is spent', async () => {
    let asked = 0;
    const failing = signer(() => {
      asked += 1;
      return Promise.reject(new Error('503'));
    });
    const { mint, reserve } = mintWith(() => Promise.resolve(failing));
    reserve().release();
    for (let i = 0; i < 25; i += 1) {
      await expect(mint('tiki:1', claims, inTime)).rejects.toMatchObject({
        code: 'signing-unavailable',
      });
    }
    expect(asked).toBe(20);
    expect(reserve).toThrow(Problem);
  });

  it('does not take a denial for an outage', async () => {
    const denied = signer(() => Promise.reject(new Error('iam.serviceAccounts.signBlob denied')));
    const { mint, reserve } = mintWith(() => Promise.resolve(denied));
    for (let i = 0; i < 30; i += 1) {
      await expect(mint('tiki:1', claims, inTime)).rejects.toMatchObject({
        code: 'signing-denied',
      });
    }
    expect(reserve).not.toThrow();
  });

  it('leaves a signer behind that is stuck, be it in opening or in signing', async () => {
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
        const both = Promise.allSettled([1, 2].map(() => mint('tiki:1', claims, () => 8_000)));
        await jest.advanceTimersByTimeAsync(3_000);
        expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
        expect(await mint('tiki:1', claims, inTime)).toBe('token');
        expect(opened).toBe(2);
      }
    } finally {
      jest.useRealTimers();
    }
  });

  it('does not blame a signer that was given too little time', async () => {
    const never = signer(() => new Promise<never>(() => undefined));
    const { mint, reserve } = mintWith(() => Promise.resolve(never));
    for (let i = 0; i < 30; i += 1) {
      await expect(mint('tiki:1', claims, () => 1)).rejects.toBeInstanceOf(Problem);
    }
    expect(reserve).not.toThrow();
  });

  it('lets one login find out, and the others keep their codes', async () => {
    let elapsed = 0;
    let healthy = false;
    const mending = signer(() =>
      healthy ? Promise.resolve('token') : Promise.reject(new Error()),
    );
    const { mint, reserve } = mintWith(() => Promise.resolve(mending), { elapsed: () => elapsed });
    for (let i = 0; i < 20; i += 1) {
      await expect(mint('tiki:1', claims, inTime)).rejects.toBeInstanceOf(Problem);
    }
    elapsed += 15_000;
    healthy = true;
    const first = reserve();
    expect(reserve).toThrow(Problem);
    // The first one ended at Tiki, for instance: the next may find out.
    first.release();
    const second = reserve();
    expect(await second.sign('tiki:1', claims, inTime)).toBe('token');
    second.release();
    expect(reserve).not.toThrow();
  });

  it('says what it can when nobody can tell who signs', async () => {
    const nobody: TokenSigner = {
      ...signer(() => Promise.reject(new Error('IAM_PERMISSION_DENIED'))),
      accounts: () => new Promise<never>(() => undefined),
    };
    const { mint } = mintWith(() => Promise.resolve(nobody));
    await expect(mint('tiki:1', claims, () => 20)).rejects.toMatchObject({
      code: 'signing-denied',
    });
  });
});
