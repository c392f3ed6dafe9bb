import { defineCheck } from '../check';
import { failed, notChecked, ok } from '../finding';
import { makePublic } from '../google/public-access';
import { askBridge, readLog } from './bridge-answer';

/** The function at its own address, so that Hosting's faults can be told from its own. */
export const functionAnswers = defineCheck({
  name: 'function-answers',
  title: 'Function answers',
  area: 'Way in',
  needs: ['subject', 'projectId', 'deployed'],
  look: async (world, { subject, projectId, deployed }) => {
    const answer = await askBridge(world, deployed.uri);
    const log = readLog(projectId);
    switch (answer.kind) {
      case 'bridge':
        return answer.code === 'misconfigured'
          ? failed('it answers that it is misconfigured', log)
          : ok(`it answers a login without a code with ${answer.code}`);
      case 'redirect':
        return failed(`its address redirects to ${answer.to}`, log);
      case 'other':
        return answer.status === 401 || answer.status === 403
          ? failed('Google keeps callers from it', makePublic(deployed, subject))
          : failed(`it does not answer as the bridge does (HTTP status ${answer.status})`, log);
      case 'nothing':
        return notChecked(`${answer.why} from the function's own address`);
    }
  },
});
