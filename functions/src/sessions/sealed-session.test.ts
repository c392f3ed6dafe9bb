import { randomBytes } from 'node:crypto';
import type { KeyRing } from './key-ring';
import { openSession, sealSession } from './sealed-session';

it('does not take a mistake of ours for a wrong cookie', async () => {
  const key = { kid: 'a', sealing: randomBytes(32), csrf: randomBytes(32) };
  const broken = { ...key };
  Object.defineProperty(broken, 'kid', {
    get: () => {
      throw new Error('a mistake');
    },
  });
  const session = { refreshToken: 'r', sessionId: 's', iat: 1, exp: 2_000_000_000 };
  const ring = (first: typeof key) => [first] as unknown as KeyRing;
  const value = await sealSession(session, { ring: ring(key), projectId: 'demo' });

  const opened = openSession(value, { ring: ring(broken), projectId: 'demo' }, 1_000);
  await expect(opened).rejects.toThrow('a mistake');
});
