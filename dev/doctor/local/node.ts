import { defineCheck } from '../check';
import { failed, ok } from '../finding';

const OLDEST_MAJOR = 20;

export const node = defineCheck({
  name: 'node',
  title: 'Node.js',
  area: 'This machine',
  needs: [],
  look: ({ nodeVersion }) => {
    const major = Number(nodeVersion.split('.')[0]);
    if (major >= OLDEST_MAJOR) return ok(nodeVersion);
    return failed(`${nodeVersion} is too old: ${OLDEST_MAJOR} at least`, 'nvm install --lts');
  },
});
