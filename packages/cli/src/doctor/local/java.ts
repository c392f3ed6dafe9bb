import { defineCheck } from '../check';
import { ok } from '../finding';

/** Required by the Firestore emulator of firebase-tools 15. */
const REQUIRED = 21;

/** Never a fault: a login needs no Java. */
export const java = defineCheck({
  name: 'java',
  title: 'Java',
  area: 'This machine',
  needs: [],
  look: ({ findJava, hasFirestoreEmulator }) => {
    const major = findJava();
    const emulator = hasFirestoreEmulator()
      ? 'a Firestore emulator is installed'
      : 'no Firestore emulator is installed';
    if (major === undefined) return ok('none; only the Firestore emulator needs it');
    const note = major < REQUIRED ? `; the Firebase CLI's own emulators require ${REQUIRED}` : '';
    return ok(`${major}${note}; ${emulator}`);
  },
});
