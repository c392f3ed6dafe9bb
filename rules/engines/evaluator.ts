import type { Case, Verdict } from '../case';
import { decide, type Decision } from '@tiki-bridge/rules-evaluator/decide';
import { firestoreRequest, storageRequest } from '@tiki-bridge/rules-evaluator/requests';
import { readRules } from '@tiki-bridge/rules-evaluator/ruleset';
import { people, type Person } from '../people';
import { world, type Fields } from '../world';

/** What a row writes; null for other operations. The table's data are plain objects. */
const written = ({ operation, data }: Case): Fields | null =>
  operation === 'create' || operation === 'update' ? (data as Fields) : null;

/**
 * Decides rows of firestore.rules or storage.rules with the rules-evaluator, which says by which
 * `allow`. `now` (epoch ms) is the time of all requests.
 */
export function evaluatorDecisions(
  rules: string,
  now: number,
  bucket = 'bucket',
): (asked: Case) => Decision {
  const ruleset = readRules(rules);
  const { documents, files } = world(now);
  const everybody: Readonly<Record<string, Person>> = people(now);
  return (asked) => {
    const { operation: method, path, where = {} } = asked;
    const basics = {
      method,
      path,
      auth: everybody[asked.who]?.auth ?? null,
      time: new Date(now),
      documents: (name: string) => documents[name],
      incoming: written(asked),
    };
    return ruleset.service === 'cloud.firestore'
      ? decide(
          ruleset,
          firestoreRequest({
            ...basics,
            stored: method === 'list' ? where : (documents[path] ?? null),
          }),
        )
      : decide(
          ruleset,
          storageRequest({
            ...basics,
            bucket,
            stored: method === 'list' ? null : (files[path] ?? null),
          }),
        );
  };
}

/** The verdicts alone. */
export function evaluatorJudge(rules: string, now: number): (asked: Case) => Verdict {
  const decisions = evaluatorDecisions(rules, now);
  return (asked) => (decisions(asked).allowed ? 'allow' : 'deny');
}
