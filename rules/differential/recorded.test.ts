import { ERROR, FALSE, TRUE } from './corners';
import { OPERATIONS, operationQuestions } from './operations';
import { askEvaluator } from './ours';
import { conditionQuestion } from './subject';

// Uses recorded results of the engine; differential.emulator.test.ts runs the engine itself.
const NOW = new Date(Date.UTC(2026, 10, 22, 12));

describe('the evaluator matches the recorded results of the official engine', () => {
  it.each([
    ['true', TRUE],
    ['false', FALSE],
    ['error', ERROR],
  ])('%s, for edge cases of the language', (outcome, conditions) => {
    const questions = conditions.map((each, i) => conditionQuestion(`corner${i}`, each));
    const answers = askEvaluator(questions, NOW);
    expect(conditions.filter((_, i) => answers[i] !== outcome)).toEqual([]);
  });

  it('for request and resource in each operation', () => {
    const answers = askEvaluator(operationQuestions, NOW);
    const recorded = OPERATIONS.map(([, , outcome]) => outcome);
    expect(answers).toEqual(recorded);
  });
});
