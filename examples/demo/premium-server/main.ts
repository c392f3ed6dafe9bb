// A separate process, because firebase-admin finds the emulators through environment variables, and
// those of the process that starts the bridge must not change. See start.ts.
import { openPremium } from '../../../functions/src/operator';
import { LOOPBACK } from '@tiki-bridge/testing/emulators/ports';
import { seedContent } from './content';
import { createPremiumServer } from './serve';
import { createSteps } from './steps';

async function main(args: readonly string[]): Promise<void> {
  const [port, projectId = '', hostingOrigin = '', expiresAfterMs] = args;
  // Without these, firebase-admin would use the real project.
  const { FIRESTORE_EMULATOR_HOST, FIREBASE_AUTH_EMULATOR_HOST } = process.env;
  if (!FIRESTORE_EMULATOR_HOST || !FIREBASE_AUTH_EMULATOR_HOST) {
    throw new Error('FIRESTORE_EMULATOR_HOST and FIREBASE_AUTH_EMULATOR_HOST must be set');
  }
  await seedContent(FIRESTORE_EMULATOR_HOST, projectId);
  const { service } = await openPremium({ projectId, by: 'operator' });
  const steps = createSteps(service, Date.now, Number(expiresAfterMs));
  createPremiumServer(steps, hostingOrigin).listen(Number(port), LOOPBACK);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
