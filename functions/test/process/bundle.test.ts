import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { startLoopbackFirestore } from '../support/loopback-firestore';
import { startProcessBridge } from '../support/process';

const FUNCTIONS = join(__dirname, '../..');

describe('the bundle', () => {
  it('requires only packages that package.json lists', () => {
    const bundle = readFileSync(join(FUNCTIONS, 'lib/functions.js'), 'utf8');
    const asked = [...bundle.matchAll(/\brequire\("([^".][^"]*)"\)/g)].map(([, name = '']) => name);
    const foreign = asked.filter(
      (name) => !name.startsWith('node:') && !builtinModules.includes(name),
    );
    const { dependencies } = JSON.parse(readFileSync(join(FUNCTIONS, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const packages = foreign.map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
    expect(packages.length).toBeGreaterThan(0);
    expect(packages.filter((name) => !Object.hasOwn(dependencies, name))).toEqual([]);
  });

  it('counts in Firestore, and rejects callers over the limit', async () => {
    const firestore = await startLoopbackFirestore();
    const bridges = await Promise.all(
      [1, 2].map(() =>
        startProcessBridge({
          env: () => ({
            RATE_LIMIT_PER_MINUTE: '1',
            RATE_LIMIT_STORE: 'firestore',
            FIRESTORE_EMULATOR_HOST: firestore.host,
          }),
        }),
      ),
    );
    const statuses: number[] = [];
    for (let i = 0; i < 24; i += 1) {
      // Alternating, so that they share counts only through the store.
      const bridge = bridges[i % 2];
      if (bridge) statuses.push((await bridge.exchange('unknown.code')).status);
    }
    await Promise.all([...bridges.map((bridge) => bridge.close()), firestore.close()]);
    const answered = (wanted: number) => statuses.filter((status) => status === wanted).length;
    // A new minute starts a new count, at most once during this test.
    expect(firestore.windows.size).toBeLessThanOrEqual(2);
    // Separately, each would admit 11.
    expect(answered(401)).toBeLessThan(16 * firestore.windows.size);
    expect(statuses.slice(0, 11)).toEqual(Array(11).fill(401));
    expect(answered(429)).toBeGreaterThan(0);
    expect(answered(401) + answered(429)).toBe(24);
  });
});
