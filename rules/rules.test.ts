import { describeCase, type Service } from './case';
import { casesOf } from './cases';
import { bestEngine, officialRequired } from './engines/best';
import { offlineEngine } from './engines/offline';

// An arbitrary time; the table's times are relative to it.
const NOW = Date.UTC(2026, 10, 22, 12);

describe.each<readonly [Service, number]>([
  ['firestore', 60],
  ['storage', 30],
  ['database', 30],
])('the rules of %s, judged offline', (service, enough) => {
  const { judge } = offlineEngine(service, NOW);

  it.each(casesOf(service).map((each) => [describeCase(each), each] as const))(
    '%s',
    async (_, asked) => {
      expect(await judge(asked)).toBe(asked.expected);
    },
  );

  it(`has at least ${enough} rows, all different`, () => {
    const names = casesOf(service).map(describeCase);
    expect(names.length).toBeGreaterThanOrEqual(enough);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('an official engine', () => {
  it('is required for Firestore on CI, and for all services on request', () => {
    expect(officialRequired('firestore', { CI: 'true' })).toBe(true);
    expect(officialRequired('storage', { CI: 'true' })).toBe(false);
    expect(officialRequired('firestore', {})).toBe(false);
    expect(officialRequired('storage', { REQUIRE_OFFICIAL_EMULATORS: '1' })).toBe(true);
  });

  it('that is required but missing is an error', async () => {
    const asked = bestEngine('storage', NOW, { REQUIRE_OFFICIAL_EMULATORS: '1' });
    await expect(asked).rejects.toThrow('storage.rules needs Google’s emulator');
  });

  it('that is missing is replaced, and the replacement reports why', async () => {
    expect(await bestEngine('database', NOW, {})).toMatchObject({
      name: 'targaryen',
      insteadOfOfficial: expect.stringContaining('test:rules:official') as string,
    });
  });
});
