import { defineCheck } from '../check';
import { deploy } from '../commands';
import { failed, ok } from '../finding';
import { makePublic } from '../google/public-access';
import { EMPTY_LOGIN, knockAt, readLog } from './bridge-answer';
import { deadEnd } from './dead-end';

/** The function at its own address, to tell its faults from those of Hosting. */
export const functionAnswers = defineCheck({
  name: 'function-answers',
  title: 'Function answers',
  area: 'Way in',
  needs: ['subject', 'deployed'],
  look: async (world, { subject, deployed, reach }) => {
    const answer = await knockAt(world, deployed.uri, EMPTY_LOGIN);
    const log = readLog('auth', subject);
    switch (answer.kind) {
      case 'bridge':
        return answer.code === 'misconfigured'
          ? failed('it answers that it is misconfigured', log)
          : ok(`it answers a login without a code with ${answer.code}`);
      case 'redirect':
        return failed(`its address redirects to ${answer.to ?? 'no valid host name'}`, log);
      case 'other':
        if (reach === 'load-balancer') {
          return ok('its own address is closed, as it should be behind a load balancer');
        }
        return answer.status === 401 || answer.status === 403
          ? failed('Google keeps callers from it', makePublic(deployed, subject))
          : failed(`it does not answer as the bridge does (HTTP status ${answer.status})`, log);
      case 'nothing':
        return deadEnd(answer, deployed.uri, deploy('functions:tiki-bridge:auth', subject));
    }
  },
});
