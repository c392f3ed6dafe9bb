import { systemClock } from '../clock';
import { circuitBreaker } from '../upstream/circuit-breaker';
import { createAppCheckMint } from './app-check';
import { sharedSigner, type TokenSigner } from '../google/shared-signer';

const mintWith = (createAppCheckToken: TokenSigner['createAppCheckToken'], appId?: string) => {
  const signer: TokenSigner = {
    ready: () => Promise.resolve(),
    createCustomToken: () => Promise.reject(new Error('not asked for')),
    createAppCheckToken,
    accounts: () => Promise.reject(new Error('not asked for')),
  };
  return createAppCheckMint(
    sharedSigner(() => Promise.resolve(signer)),
    circuitBreaker(systemClock),
    appId,
  );
};
const inTime = () => 1_000;

describe('createAppCheckMint', () => {
  it('mints for the configured app', async () => {
    const mint = mintWith(
      (appId) => Promise.resolve({ token: `for ${appId}`, ttlMillis: 3_600_500 }),
      '1:2:web:3',
    );
    expect(await mint(inTime, fail)).toEqual({
      appCheckToken: 'for 1:2:web:3',
      appCheckExpiresIn: 3_600,
    });
  });

  it('mints nothing where it is not configured', async () => {
    const mint = mintWith(() => Promise.reject(new Error('asked')));
    expect(await mint(inTime, fail)).toBeUndefined();
  });

  it.each([
    ['is refused', () => Promise.reject(new Error('refused')), 'refused'],
    ['takes too long', () => new Promise<never>(() => undefined), 'took longer than 5 ms'],
  ])('tells why there is none when it %s', async (_, create, message) => {
    const causes: unknown[] = [];
    const mint = mintWith(create, '1:2:web:3');
    expect(
      await mint(
        () => 5,
        (cause) => causes.push(cause),
      ),
    ).toBeUndefined();
    expect(causes).toEqual([expect.objectContaining({ message })]);
  });

  it('keeps a login waiting for 800 ms and no longer', async () => {
    jest.useFakeTimers();
    try {
      const causes: unknown[] = [];
      const mint = mintWith(() => new Promise<never>(() => undefined), '1:2:web:3');
      let over = false;
      const minted = mint(
        () => 8_000,
        (cause) => causes.push(cause),
      ).finally(() => {
        over = true;
      });
      await jest.advanceTimersByTimeAsync(799);
      expect(over).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      expect(over).toBe(true);
      expect(await minted).toBeUndefined();
      expect(causes).toHaveLength(1);
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
      await mint(
        () => 1,
        () => undefined,
      );
    }
    expect(asked).toBe(30);
  });

  it('leaves App Check alone after twenty failures', async () => {
    let asked = 0;
    const mint = mintWith(() => {
      asked += 1;
      return Promise.reject(new Error('503'));
    }, '1:2:web:3');
    const causes: unknown[] = [];
    for (let i = 0; i < 30; i += 1) await mint(inTime, (cause) => causes.push(cause));
    expect(causes).toHaveLength(30);
    expect(asked).toBe(20);
  });
});

function fail(cause: unknown): void {
  throw new Error('no failure was expected', { cause });
}
