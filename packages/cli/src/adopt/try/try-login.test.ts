import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findFreePorts } from '@tiki-bridge/testing/emulators/ports';
import { jsonAnswer, startLoopbackFake } from '@tiki-bridge/testing/google/loopback-fake';
import { printRecord } from '../plan/record';
import { DEFAULTS } from '../plan/plan';
import { tryLogin } from './try-login';

it('logs in at the functions themselves where there is no Hosting', async () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'try-'));
  const { simulator } = await findFreePorts(['simulator']);
  const asked: string[] = [];
  let port = 0;
  const fake = await startLoopbackFake({
    answer: ({ url }) => {
      asked.push(url.pathname);
      const listens = { host: '127.0.0.1', port };
      return url.pathname === '/emulators'
        ? jsonAnswer(200, { auth: listens, functions: listens })
        : jsonAnswer(200, { customToken: 'a', uid: 'tiki:1', idToken: 'b' });
    },
  });
  port = Number(fake.address.split(':').at(-1));
  jest.spyOn(console, 'log').mockReturnValue();
  try {
    const json = JSON.stringify({ emulators: { hub: { port } } });
    writeFileSync(path.join(root, 'firebase.json'), json);
    mkdirSync(path.join(root, 'tiki-bridge/.bridge'), { recursive: true });
    const choices = { ...DEFAULTS, group: true };
    const packed = { file: 'tiki-firebase-bridge-1.0.0.tgz', integrity: '' };
    writeFileSync(
      path.join(root, 'tiki-bridge/.bridge/written.json'),
      printRecord({ version: '1.0.0', choices, packed, pieces: [], after: {} }),
    );
    writeFileSync(
      path.join(root, 'tiki-bridge/.env.local'),
      `TIKI_API_BASE_URL=http://127.0.0.1:${simulator}/tiniapp-open-api\n`,
    );

    expect(await tryLogin(root)).toBe(0);
    expect(asked).toContain('/demo-tiki/asia-southeast1/tikiBridge-auth/auth_exchange');
  } finally {
    await fake.close();
    rmSync(root, { recursive: true });
    jest.restoreAllMocks();
  }
});
