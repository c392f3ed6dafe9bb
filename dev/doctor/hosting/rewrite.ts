import { defineCheck } from '../check';
import { failed, notChecked, ok } from '../finding';
import { askBridge, readLog } from './bridge-answer';

/** The way that Tini Apps take: the domain, Hosting's rewrite, the function. */
export const hostingRewrite = defineCheck({
  name: 'hosting',
  title: 'Hosting',
  area: 'Way in',
  needs: ['subject', 'projectId'],
  look: async (world, { projectId, subject: { domain } }) => {
    const answer = await askBridge(world, domain);
    const deployHosting = `npx firebase deploy --only hosting --project ${projectId}`;
    switch (answer.kind) {
      case 'bridge':
        return answer.code === 'misconfigured'
          ? failed(`${domain} reaches the function, which is misconfigured`, readLog(projectId))
          : ok(`${domain}/auth_exchange reaches the function`);
      case 'redirect':
        return failed(
          `${domain} redirects to ${answer.to}: Tini Apps must use that name`,
          `npm run doctor -- --project ${projectId} --domain https://${answer.to}`,
        );
      case 'nothing':
        return notChecked(`${answer.why} from ${domain}`);
      case 'other':
        break;
    }
    switch (answer.status) {
      case 404:
        return failed(
          `${domain} does not know /auth_exchange: the site or its rewrites are not deployed`,
          deployHosting,
        );
      case 401:
      case 403:
        return failed(
          `${domain} reaches a function that is not public`,
          `npx firebase deploy --only functions:auth,hosting --project ${projectId}   # and see "Public"`,
        );
      default:
        return failed(
          `${domain}/auth_exchange is not answered by the bridge (HTTP status ${answer.status})`,
          `# is the rewrite's region in firebase.json that of the function? Then\n${deployHosting}`,
        );
    }
  },
});
