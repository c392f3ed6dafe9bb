import os from 'node:os';
import { findFirestoreJars } from './firestore-jar';
import { findJava } from './java';

/** Why there can be no Firestore on this machine; undefined when there can. */
function whyMissing(env: NodeJS.ProcessEnv): string | undefined {
  if (!findJava(env)) return 'Java is not installed.';
  const found = findFirestoreJars(env, os.homedir()).length > 0;
  return found ? undefined : 'The Firestore emulator is not on this machine.';
}

/**
 * A suite that needs a Firestore engine. Without one it is left out by name, and that is a failure
 * on CI and wherever REQUIRE_OFFICIAL_EMULATORS=1 asks for it.
 */
export function describeWithFirestore(name: string, suite: () => void): void {
  const { env } = process;
  const missing = whyMissing(env);
  if (missing === undefined) {
    describe(name, suite);
    return;
  }
  it(`${name}: left out for want of a Firestore engine`, () => {
    const required = Boolean(env['CI']) || env['REQUIRE_OFFICIAL_EMULATORS'] === '1';
    if (required) throw new Error(missing);
    // On standard error: jest keeps standard output for itself.
    process.stderr.write(`\nLeft out: ${name}. ${missing}\n`);
  });
}
