import { ERROR, FALSE, TRUE } from './corners';
import { OPERATIONS, operationQuestions } from './operations';
import { askEvaluator } from './ours';
import { conditionQuestion } from './subject';

// The engine's answers were recorded; differential.emulator.test.ts asks it again.
const NOW = new Date(Date.UTC(2026, 10, 22, 12));

describe('without the official engine, the evaluator gives its recorded answer', () => {
  it.each([
    ['true', TRUE],
    ['false', FALSE],
    ['error', ERROR],
  ])('%s, to the corners of the language', (outcome, conditions) => {
    const questions = conditions.map((each, i) => conditionQuestion(`corner${i}`, each));
    const answers = askEvaluator(questions, NOW);
    expect(conditions.filter((_, i) => answers[i] !== outcome)).toEqual([]);
  });

  it('to what request and resource hold in each operation', () => {
    const answers = askEvaluator(operationQuestions, NOW);
    const recorded = OPERATIONS.map(([, , outcome]) => outcome);
    expect(answers).toEqual(recorded);
  });
});
