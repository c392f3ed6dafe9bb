import { defineCheck } from '../check';
import { failed, ok } from '../finding';

/** As in `engines` of package.json: every script is started with `--import`, new in 20.6. */
const OLDEST = { major: 20, minor: 6 };

export const node = defineCheck({
  name: 'node',
  title: 'Node.js',
  area: 'This machine',
  needs: [],
  look: ({ nodeVersion }) => {
    const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
    const isTooOld = major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor);
    if (!isTooOld) return ok(nodeVersion);
    return failed(
      `${nodeVersion} is too old: ${OLDEST.major}.${OLDEST.minor} at least`,
      'nvm install --lts',
    );
  },
});
