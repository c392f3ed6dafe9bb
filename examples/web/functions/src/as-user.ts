import { deleteApp, type FirebaseServerApp, initializeServerApp, setLogLevel } from 'firebase/app';
import { connectAuthEmulator, getAuth } from 'firebase/auth';
import { connectFirestoreEmulator, doc, getDoc, getFirestore } from 'firebase/firestore/lite';
import { logFailure } from './log-failure';
import type { ProjectSettings } from './settings';

/** For everything that a page reads, in ms: longer than the first connections of a new instance. */
const READ_MS = 5_000;

/** `denied` is the rules' answer; `unavailable` says nothing about what the user may read. */
export type Reading =
  | { readonly state: 'read'; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly state: 'missing' | 'denied' | 'unavailable' };

const UNAVAILABLE: Reading = { state: 'unavailable' };

// Otherwise each refusal by the rules, an answer like any other, would be logged as a warning.
setLogLevel('error');

/** The code of an error of the Firebase SDK. */
const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;

async function readDocument(app: FirebaseServerApp, path: string, host: string | undefined) {
  const firestore = getFirestore(app);
  if (host !== undefined) {
    const { hostname, port } = new URL(`http://${host}`);
    connectFirestoreEmulator(firestore, hostname, Number(port));
  }
  try {
    const fields = (await getDoc(doc(firestore, path))).data();
    return fields === undefined
      ? { state: 'missing' as const }
      : { state: 'read' as const, fields };
  } catch (error) {
    if (codeOf(error) === 'permission-denied') return { state: 'denied' as const };
    logFailure(`Reading ${path} failed`, error);
    return UNAVAILABLE;
  }
}

/**
 * Reads documents with the user's own rights, so that security rules decide, as in an app.
 *
 * @param idToken Verified before: `initializeServerApp` throws for a token that is no JWT.
 */
export async function readAsUser(
  idToken: string,
  paths: readonly string[],
  { projectId, apiKey, authEmulatorHost, firestoreEmulatorHost, emulated }: ProjectSettings,
): Promise<readonly Reading[]> {
  // An emulated function without a Firestore emulator must not ask production.
  if (emulated && firestoreEmulatorHost === undefined) return paths.map(() => UNAVAILABLE);
  const app = initializeServerApp({ projectId, apiKey }, { authIdToken: idToken });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, READ_MS, undefined);
  });
  const read = async () => {
    const auth = getAuth(app);
    if (authEmulatorHost !== undefined) {
      connectAuthEmulator(auth, `http://${authEmulatorHost}`, { disableWarnings: true });
    }
    // Firestore sends the token only once Auth has looked the user up.
    await auth.authStateReady();
    if (auth.currentUser === null) return undefined;
    return Promise.all(paths.map((path) => readDocument(app, path, firestoreEmulatorHost)));
  };
  try {
    return (await Promise.race([read(), late])) ?? paths.map(() => UNAVAILABLE);
  } finally {
    clearTimeout(timer);
    await deleteApp(app);
  }
}
