import { describeCase, type Service } from './case';
import { casesOf } from './cases';
import { bestEngine } from './engines/best';
import { RULES_FILES } from './engines/offline';

const report: string[] = [];

// On standard error, because jest reserves standard output.
afterAll(() => {
  process.stderr.write(`\nWho judged the rules:\n${report.join('\n')}\n\n`);
});

describe.each<Service>(['firestore', 'storage', 'database'])('the rules of %s', (service) => {
  it('give every row its verdict in the best available engine', async () => {
    // The emulators use the machine's clock.
    const engine = await bestEngine(service, Date.now());
    const wrong: string[] = [];
    try {
      // Sequential, because the writes of a row are undone before the next.
      for (const asked of casesOf(service)) {
        const verdict = await engine.judge(asked);
        if (verdict !== asked.expected) wrong.push(`${verdict}, not ${describeCase(asked)}`);
      }
    } finally {
      await engine.close();
    }
    const only = engine.insteadOfOfficial ? `only: ${engine.insteadOfOfficial}` : '(official)';
    const rows = `${casesOf(service).length} rows`;
    report.push(`  ${RULES_FILES[service].padEnd(20)} ${rows.padEnd(9)} ${engine.name} ${only}`);
    expect(wrong).toEqual([]);
  });
});
