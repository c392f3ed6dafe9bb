import { defineCheck } from '../check';
import { notChecked } from '../finding';

/** Says that no deployment was checked, and how to do it. */
export const realProject = defineCheck({
  name: 'real-project',
  title: 'Deployed project',
  area: 'Google Cloud',
  needs: [],
  look: () => notChecked('no project was named', 'npm run doctor -- --project <project id>'),
});
