import { runs } from '@tiki-bridge/testing/deep';
import fc from 'fast-check';
import { officialHost, officialRequired } from '../engines/best';
import { ERROR, FALSE, TRUE } from './corners';
import { condition, pathQuestions, STORED } from './generators';
import { OPERATIONS, operationQuestions } from './operations';
import { askOfficial } from './official';
import { askEvaluator } from './ours';
import { conditionQuestion, type Outcome, type Question } from './subject';

const SEED = 20_261_122;

interface Asked {
  readonly question: Question;
  /** The official engine's result when the question was recorded. */
  readonly recorded?: Outcome;
}

const corners: readonly Asked[] = (
  [
    ['true', TRUE],
    ['false', FALSE],
    ['error', ERROR],
  ] as const
).flatMap(([recorded, conditions]) =>
  conditions.map((each, i) => ({ question: conditionQuestion(`${recorded}${i}`, each), recorded })),
);

const operations: readonly Asked[] = operationQuestions.map((question, i) => ({
  question,
  ...(OPERATIONS[i] ? { recorded: OPERATIONS[i][2] } : {}),
}));

const conditions: readonly Asked[] = fc
  .sample(condition, { seed: SEED, numRuns: runs(100, 1_000) })
  .map((each, i) => ({ question: conditionQuestion(`g${i}`, each, STORED) }));

const paths: readonly Asked[] = Array.from({ length: runs(25, 250) }, (_, i) =>
  fc.sample(pathQuestions(`p${i}`), { seed: SEED + i, numRuns: 1 }),
)
  .flat(2)
  .map((question) => ({ question }));

/**
 * The official engine's results, or the recorded ones if it is not available. Questions without
 * either are skipped.
 */
async function officialAnswers(asked: readonly Asked[]): Promise<(Outcome | undefined)[]> {
  const projectId = process.env['GCLOUD_PROJECT'] ?? 'demo-rules';
  const running = await officialHost('firestore', projectId, process.env);
  if ('unavailable' in running) {
    if (officialRequired('firestore', process.env)) throw new Error(running.unavailable);
    process.stderr.write(
      `\nThe evaluator was only compared with recorded results. ${running.unavailable}\n`,
    );
    return asked.map(({ recorded }) => recorded);
  }
  try {
    return await askOfficial(
      running.host,
      projectId,
      asked.map(({ question }) => question),
    );
  } finally {
    await running.stop();
  }
}

describe('the evaluator and the official Firestore engine', () => {
  it('agree on every question: true, false or an error', async () => {
    const asked = [...corners, ...operations, ...conditions, ...paths];
    const official = await officialAnswers(asked);
    const ours = askEvaluator(
      asked.map(({ question }) => question),
      new Date(),
    );
    const differences = asked.flatMap(({ question, recorded }, i) => {
      const answers = { ours: ours[i], official: official[i], recorded: recorded ?? official[i] };
      const agree = official[i] === undefined || new Set(Object.values(answers)).size === 1;
      return agree ? [] : [{ ...question, ...answers }];
    });
    expect(differences).toEqual([]);
    // All three outcomes must be common, or the comparison proves little.
    for (const outcome of ['true', 'false', 'error'] as const) {
      expect(ours.filter((each) => each === outcome).length).toBeGreaterThan(ours.length / 10);
    }
  });
});
