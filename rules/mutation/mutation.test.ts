import { runs } from '@tiki-bridge/testing/deep';
import type { Service } from '../case';
import { casesOf } from '../cases';
import { offlineEngine, readRulesFile } from '../engines/offline';
import { databaseMutants } from './database-mutants';
import type { Mutant } from './mutant';
import { rulesMutants } from './rules-mutants';

/** The sample is every fourth. */
const EVERY = runs(4, 1);
const NOW = Date.UTC(2026, 10, 22, 12);

/** Whether any row gets a different verdict from the changed rules. */
async function isNoticed(service: Service, { rules }: Mutant): Promise<boolean> {
  const { judge } = offlineEngine(service, NOW, rules);
  for (const asked of casesOf(service)) {
    if ((await judge(asked)) !== asked.expected) return true;
  }
  return false;
}

// Firestore's mutants are judged by the evaluator, which differential.emulator.test.ts compares with
// the official engine.
describe.each<readonly [Service, (source: string) => Mutant[], number]>([
  ['firestore', rulesMutants, 60],
  ['storage', rulesMutants, 50],
  ['database', databaseMutants, 30],
])('the table for %s', (service, mutantsOf, atLeast) => {
  it('detects every change to a clause of its rules', async () => {
    const mutants = mutantsOf(readRulesFile(service));
    const unnoticed: string[] = [];
    const tried = mutants.filter((_, index) => index % EVERY === 0);
    for (const mutant of tried) {
      if (!(await isNoticed(service, mutant))) unnoticed.push(mutant.change);
    }
    expect(unnoticed).toEqual([]);
    expect(mutants.length).toBeGreaterThanOrEqual(atLeast);
  });
});
