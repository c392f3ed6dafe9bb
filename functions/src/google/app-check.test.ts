import { systemClock } from '../clock';
import { guardedBy } from '../upstream/circuit-breaker';
import { createAppCheckMint } from './app-check';
import { sharedSigner, type TokenSigner } from './signer';

const mintWith = (createAppCheckToken: TokenSigner['createAppCheckToken'], appId = '1:2:web:3') => {
  const signer: TokenSigner = {
    ready: () => Promise.resolve(),
    createCustomToken: () => Promise.reject(new Error('not asked for')),
    createAppCheckToken,
    accounts: () => Promise.reject(new Error('not asked for')),
  };
  return createAppCheckMint(
    sharedSigner(() => Promise.resolve(signer)),
    guardedBy(systemClock, 'upstream-unavailable', 'App Check'),
    appId,
  );
};
let callers = 0;
/** A request of somebody new, with so many ms left. */
const withLeft = (ms: number) => ({ deadline: () => ms, caller: `caller ${(callers += 1)}` });
const inTime = () => withLeft(1_000);

describe('createAppCheckMint', () => {
  it('mints for the configured app', async () => {
    const mint = mintWith(
      (appId) => Promise.resolve({ token: `for ${appId}`, ttlMillis: 3_600_500 }),
      '1:2:web:3',
    );
    expect(await mint(inTime())).toEqual({
      token: { appCheckToken: 'for 1:2:web:3', appCheckExpiresIn: 3_600 },
    });
  });

  it.each([
    ['is refused', () => Promise.reject(new Error('refused')), 'refused'],
    ['takes too long', () => new Promise<never>(() => undefined), 'took longer than 5 ms'],
  ])('tells why there is none when it %s', async (_, create, message) => {
    const mint = mintWith(create, '1:2:web:3');
    expect(await mint(withLeft(5))).toEqual({
      failure: expect.objectContaining({ message }) as unknown,
    });
  });

  it('keeps a login waiting for 800 ms and no longer', async () => {
    jest.useFakeTimers();
    try {
      const mint = mintWith(() => new Promise<never>(() => undefined), '1:2:web:3');
      let over = false;
      const minted = mint(withLeft(8_000)).finally(() => {
        over = true;
      });
      await jest.advanceTimersByTimeAsync(799);
      expect(over).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      expect(over).toBe(true);
      expect(await minted).toHaveProperty('failure');
    } finally {
      jest.useRealTimers();
    }
  });

  it('does not blame App Check for a login that had hardly any time left', async () => {
    let asked = 0;
    const mint = mintWith(() => {
      asked += 1;
      return new Promise<never>(() => undefined);
    }, '1:2:web:3');
    for (let i = 0; i < 30; i += 1) {
      await mint(withLeft(1));
    }
    expect(asked).toBe(30);
  });

  it('stops calling App Check after twenty failures', async () => {
    let asked = 0;
    const mint = mintWith(() => {
      asked += 1;
      return Promise.reject(new Error('503'));
    }, '1:2:web:3');
    for (let i = 0; i < 30; i += 1) expect(await mint(inTime())).toHaveProperty('failure');
    expect(asked).toBe(20);
  });
});
