import { systemClock } from '../clock';
import { circuitBreaker } from '../protection/circuitBreaker';
import { createAppCheckMint } from './appCheck';
import { sharedSigner, type TokenSigner } from './sharedSigner';

const mintWith = (createAppCheckToken: TokenSigner['createAppCheckToken'], appId?: string) => {
  const signer: TokenSigner = {
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
