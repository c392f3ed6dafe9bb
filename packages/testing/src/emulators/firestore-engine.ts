import os from 'node:os';
import { findFirestoreJars } from './firestore-jar';
import { findJava } from './java';

/** Why Firestore cannot run on this machine; undefined if it can. */
function whyMissing(env: NodeJS.ProcessEnv): string | undefined {
  if (!findJava(env)) return 'Java is not installed.';
  const found = findFirestoreJars(env, os.homedir()).length > 0;
  return found ? undefined : 'The Firestore emulator is not installed.';
}

/**
 * A suite that needs a Firestore engine. Without one it is skipped with a message; on CI and with
 * REQUIRE_OFFICIAL_EMULATORS=1 that is a failure.
 */
export function describeWithFirestore(name: string, suite: () => void): void {
  const { env } = process;
  const missing = whyMissing(env);
  if (missing === undefined) {
    describe(name, suite);
    return;
  }
  it(`${name}: skipped, because there is no Firestore engine`, () => {
    const required = Boolean(env['CI']) || env['REQUIRE_OFFICIAL_EMULATORS'] === '1';
    if (required) throw new Error(missing);
    // jest reserves standard output.
    process.stderr.write(`\nSkipped: ${name}. ${missing}\n`);
  });
}
