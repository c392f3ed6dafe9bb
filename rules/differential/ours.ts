import { decide, type Decision } from '@tiki-bridge/rules-evaluator/decide';
import { Unsupported } from '@tiki-bridge/rules-evaluator/failures';
import { firestoreRequest } from '@tiki-bridge/rules-evaluator/requests';
import { readRules, type Ruleset } from '@tiki-bridge/rules-evaluator/ruleset';
import { AUTH, DOCUMENTS, rulesFor, type Outcome, type Question } from './subject';

export type OurOutcome = Outcome | `unsupported: ${string}`;

/** The outcome for a single `allow`; `false` if none applies. */
const outcomeOf = ({ findings }: Decision): Outcome => findings.at(-1)?.outcome ?? 'false';

function askOne(ruleset: Ruleset, question: Question, time: Date): OurOutcome {
  const { operation: method, path, stored, incoming = null, where = {} } = question;
  const request = firestoreRequest({
    ...{ method, path, auth: AUTH, time, incoming },
    documents: (name) => DOCUMENTS[name],
    stored: method === 'list' ? where : (stored ?? null),
  });
  try {
    return outcomeOf(decide(ruleset, request));
  } catch (failure) {
    if (failure instanceof Unsupported) return `unsupported: ${failure.message}`;
    throw failure;
  }
}

/** The evaluator's outcome for each question, in order. */
export function askEvaluator(questions: readonly Question[], time: Date): OurOutcome[] {
  const ruleset = readRules(rulesFor(questions));
  return questions.map((question) => askOne(ruleset, question, time));
}
