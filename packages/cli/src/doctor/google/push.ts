import { defineCheck } from '../check';
import { deploy } from '../commands';
import { failed, ok } from '../finding';
import { readProjectParameters } from '../parameters';
import { lookForFunction } from './deployed-function';
import { judgeService } from './service-state';

/** The functions for notifications, in projects that send some. */
export const push = defineCheck({
  name: 'push',
  title: 'Notifications',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google'],
  gives: 'push',
  look: async (world, facts) => {
    const { file, values } = readProjectParameters(world, facts.subject);
    if (values?.['PUSH_NOTIFICATIONS'] !== 'true') {
      return ok('not needed: PUSH_NOTIFICATIONS is not true');
    }
    const redeploy = deploy('functions,firestore:indexes', facts.subject);
    const verdict = await lookForFunction('pushNotification', facts, (found) => ({ push: found }));
    const found = verdict.facts?.push;
    if (!found) {
      return verdict.state === 'failed'
        ? failed(`${verdict.message}, although ${file} sets PUSH_NOTIFICATIONS`, redeploy)
        : verdict;
    }
    if (verdict.state !== 'ok') return verdict;
    const api = await judgeService(facts, 'fcm.googleapis.com', (remedy) =>
      failed('the Firebase Cloud Messaging API is not enabled: nothing can be sent', remedy),
    );
    return api.state === 'ok'
      ? ok('pushNotification is deployed, and FCM is enabled', { push: found })
      : { ...api, facts: { push: found } };
  },
});
