import { randomUUID } from 'node:crypto';
import { deleteApp, initializeApp, setLogLevel } from 'firebase/app';
import { connectAuthEmulator, getAuth, signInWithCustomToken } from 'firebase/auth';
import { connectFirestoreEmulator, doc, getDoc, getFirestore } from 'firebase/firestore/lite';
import { type RunningBridge, startBridge } from '@tiki-bridge/testing/emulators/bridge';
import { exchangeCode } from '@tiki-bridge/testing/emulators/login';

/** A running bridge with Firestore, and helpers for the tests of premium. */
export interface Playground {
  readonly bridge: RunningBridge;
  readonly firestoreHost: string;
  /** For firebase-admin and the command line. */
  readonly env: Readonly<Record<string, string>>;
  /** Signs a customer in like a Tini App, on a new device. */
  signIn(customerId: string): Promise<Device>;
  /** Reads or, with `fields`, writes a document as the server, in Firestore's REST format. */
  document(path: string, fields?: object): Promise<unknown>;
  /** Registers something to close before the emulators. */
  atClose(end: () => Promise<void>): void;
  close(): Promise<void>;
}

export interface Device {
  /** Whether the rules allow this device to read the document with its current token. */
  mayRead(path: string): Promise<boolean>;
  /** getIdToken(true): gets changed claims without a new login. */
  refresh(): Promise<void>;
  /** The device's current ID token. */
  idToken(): Promise<string>;
  /** The claims of the device's current ID token. */
  claims(): Promise<Readonly<Record<string, unknown>>>;
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'permission-denied';
}

export async function startPlayground(): Promise<Playground> {
  // The SDK logs every denial, which these tests provoke.
  setLogLevel('error');
  const bridge = await startBridge({ ports: 'free', firestore: true });
  const { firestoreHost, projectId } = bridge;
  if (firestoreHost === undefined) {
    await bridge.stop();
    throw new Error(bridge.firestoreUnavailableReason);
  }
  const [host = '', port = ''] = firestoreHost.split(':');
  const undo: (() => Promise<void>)[] = [() => bridge.stop()];

  async function signIn(customerId: string): Promise<Device> {
    const app = initializeApp({ projectId, apiKey: 'demo-api-key' }, randomUUID());
    undo.push(() => deleteApp(app));
    const auth = getAuth(app);
    connectAuthEmulator(auth, bridge.authEmulatorOrigin, { disableWarnings: true });
    const firestore = getFirestore(app);
    connectFirestoreEmulator(firestore, host, Number(port));
    const { authCode } = bridge.simulator.issueAuthCode({ customerId });
    const { answer } = await exchangeCode(bridge.hostingOrigin, authCode);
    const { user } = await signInWithCustomToken(auth, answer.customToken);
    return {
      mayRead: async (path) => {
        try {
          return (await getDoc(doc(firestore, path))).exists();
        } catch (error) {
          if (isDenied(error)) return false;
          throw error;
        }
      },
      refresh: async () => {
        await user.getIdToken(true);
      },
      idToken: () => user.getIdToken(),
      claims: async () => (await user.getIdTokenResult()).claims,
    };
  }

  async function document(path: string, fields?: object): Promise<unknown> {
    const url = `http://${firestoreHost ?? ''}/v1/projects/${projectId}/databases/(default)/documents/${path}`;
    const answer = await fetch(url, {
      headers: { Authorization: 'Bearer owner', 'Content-Type': 'application/json' },
      ...(fields && { method: 'PATCH', body: JSON.stringify({ fields }) }),
    });
    if (!answer.ok && answer.status !== 404) throw new Error(await answer.text());
    return answer.json();
  }

  return {
    bridge,
    firestoreHost,
    env: {
      FIRESTORE_EMULATOR_HOST: firestoreHost,
      FIREBASE_AUTH_EMULATOR_HOST: new URL(bridge.authEmulatorOrigin).host,
      // Stops Google's libraries from looking for a metadata server.
      METADATA_SERVER_DETECTION: 'none',
    },
    signIn,
    document,
    atClose: (end) => undo.push(end),
    close: async () => {
      for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
    },
  };
}
