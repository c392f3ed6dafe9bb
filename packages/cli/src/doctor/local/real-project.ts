import { defineCheck } from '../check';
import { notChecked } from '../finding';

/** Says what was not looked at, and how it would be. */
export const realProject = defineCheck({
  name: 'real-project',
  title: 'Deployed project',
  area: 'Google Cloud',
  needs: [],
  look: () => notChecked('no project was named', 'npm run doctor -- --project <project id>'),
});
