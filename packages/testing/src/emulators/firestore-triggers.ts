/** A function as the Functions emulator lists it. */
interface EmulatedFunction {
  /** `<region>-<name>` */
  readonly id: string;
  readonly eventTrigger?: {
    readonly eventType: string;
    readonly eventFilters?: Readonly<Record<string, string>>;
    readonly eventFilterPathPatterns?: { readonly document?: string };
  };
}

interface Backends {
  readonly backends: readonly { readonly functionTriggers: readonly EmulatedFunction[] }[];
}

const FIRESTORE_EVENT = 'google.cloud.firestore.document.';

/**
 * Has Firestore send its events to the functions that are triggered by them. The Functions emulator does
 * this by itself only for a Firestore emulator that firebase-tools has started, and prints for ours that
 * such functions are ignored. They keep their ids when the functions are reloaded.
 *
 * @see getV2FirestoreAttributes in firebase-tools/src/emulator/functionsEmulator.ts
 */
export async function registerFirestoreTriggers(options: {
  readonly functionsOrigin: string;
  readonly firestoreHost: string;
  readonly projectId: string;
}): Promise<void> {
  const { functionsOrigin, firestoreHost, projectId } = options;
  const listed = await fetch(`${functionsOrigin}/backends`);
  // Of firebase-tools; the tests of the demo hold it to this.
  const { backends } = (await listed.json()) as Backends;
  const functions = backends.flatMap(({ functionTriggers }) => functionTriggers);
  for (const { id, eventTrigger } of functions) {
    if (!eventTrigger?.eventType.startsWith(FIRESTORE_EVENT)) continue;
    const { eventType, eventFilters, eventFilterPathPatterns } = eventTrigger;
    const value = eventFilterPathPatterns?.document ?? eventFilters?.['document'];
    const matchType = eventFilterPathPatterns?.document ? 'PATH_PATTERN' : 'EXACT';
    const triggers = `http://${firestoreHost}/emulator/v1/projects/${projectId}/eventarcTrigger`;
    const answer = await fetch(`${triggers}?eventarcTriggerId=${id}-0`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        eventType,
        database: eventFilters?.['database'],
        namespace: eventFilters?.['namespace'],
        document: { value, matchType },
      }),
    });
    if (!answer.ok) throw new Error(`Firestore refused the trigger ${id}: ${await answer.text()}`);
  }
}
