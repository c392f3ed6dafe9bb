import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Where running emulators listen, by the variable that tells it to Firebase's libraries. */
export interface EmulatorVariables {
  readonly FIREBASE_AUTH_EMULATOR_HOST: string;
  /** Undefined: no Firestore engine is installed. */
  readonly FIRESTORE_EMULATOR_HOST?: string;
}

/** Where `npm start` says which emulators it runs. The last one started counts. */
export function announcementFile(): string {
  return path.join(os.tmpdir(), 'tiki-bridge-emulators.json');
}

/** Tells the operator's command line about emulators. Returns the function that takes it back. */
export function announceEmulators(emulators: EmulatorVariables): () => void {
  const file = announcementFile();
  const text = JSON.stringify({ pid: process.pid, emulators });
  try {
    // Removed first: in a shared folder the name may be a link of somebody else's.
    rmSync(file, { force: true });
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  } catch {
    // A file of another user's: then the variables have to be exported.
  }
  return () => {
    try {
      if (readFileSync(file, 'utf8') === text) rmSync(file);
    } catch {
      // Gone already.
    }
  };
}

/** The line for a POSIX shell that tells other programs about them. */
export function exportLine(emulators: EmulatorVariables): string {
  return `export ${Object.entries(emulators)
    .map(([name, host]) => `${name}=${host as string}`)
    .join(' ')}`;
}
