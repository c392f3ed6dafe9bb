import { initializeTestEnvironment, type RulesTestContext } from '@firebase/rules-unit-testing';
import { setLogLevel } from 'firebase/firestore';
import { askFirestore } from '../engines/official/firestore';
import type { Fields } from '../world';
import { AUTH, DOCUMENTS, rulesFor, type Outcome, type Question } from './subject';

type Firestore = ReturnType<RulesTestContext['firestore']>;

/**
 * Reads the engine's reasons, e.g. `false for 'get' @ L7` or `Null value error. for 'get' @ L7`. The
 * last one counts: a document that must be looked up is first reported as an error.
 */
function readDenial(error: unknown): Outcome {
  if (!(error instanceof Error && 'code' in error && error.code === 'permission-denied'))
    throw error;
  const reasons = error.message.trim();
  if (reasons.endsWith('No matching allow statements')) return 'false';
  const [last] = /(?:false|\.|error[^,]*) for '\w+' @ L\d+$/.exec(reasons) ?? [];
  if (last === undefined) throw new Error(`unknown reason: ${reasons}`);
  return last.startsWith('false') ? 'false' : 'error';
}

async function store(database: Firestore, documents: readonly (readonly [string, Fields])[]) {
  // The limit of a batch is 500 writes.
  for (let start = 0; start < documents.length; start += 500) {
    const batch = database.batch();
    for (const [path, fields] of documents.slice(start, start + 500)) {
      batch.set(database.doc(path), fields);
    }
    await batch.commit();
  }
}

/** The outcome of each question in the Firestore emulator at `host`, in order. */
export async function askOfficial(
  host: string,
  projectId: string,
  questions: readonly Question[],
): Promise<Outcome[]> {
  const [address = '', port = ''] = host.split(':');
  setLogLevel('error');
  const environment = await initializeTestEnvironment({
    projectId,
    firestore: { host: address, port: Number(port), rules: rulesFor(questions) },
  });
  try {
    const stored = questions.flatMap(({ path, stored: fields }) =>
      fields ? [[path, fields] as const] : [],
    );
    await environment.withSecurityRulesDisabled((context) =>
      store(context.firestore(), [...Object.entries(DOCUMENTS), ...stored]),
    );
    const client = environment.authenticatedContext(AUTH.uid, { ...AUTH.token });
    const outcomes: Outcome[] = [];
    for (const { operation, path, where, incoming: data } of questions) {
      const answer = askFirestore(client, { operation, path, where, data });
      outcomes.push(await answer.then(() => 'true' as const, readDenial));
    }
    return outcomes;
  } finally {
    await environment.cleanup();
  }
}
