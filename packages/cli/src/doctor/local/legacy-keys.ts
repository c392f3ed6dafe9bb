import { findLegacyKey } from '../../legacy-key';
import { defineCheck } from '../check';
import { failed, ok } from '../finding';

/** Server keys of FCM's legacy APIs: of no use, and a secret that is in the open. */
export const legacyKeys = defineCheck({
  name: 'legacy-fcm-keys',
  title: 'Legacy FCM keys',
  area: 'This machine',
  needs: [],
  look: (world) => {
    const found = findLegacyKey(world);
    return found
      ? failed(`${found.place}: ${found.cause}`, `# ${found.remedy}`)
      : ok('none in the environment and functions/.env*');
  },
});
