import { defineCheck } from '../check';
import { ok, warning } from '../finding';
import { readParameterFiles } from '../parameters';
import { judgeService } from './service-state';

/** Asked only where App Check tokens are wanted. A login goes on without one. */
export const appCheckApi = defineCheck({
  name: 'app-check-api',
  title: 'App Check API',
  area: 'Google Cloud',
  needs: ['projectId', 'google'],
  look: (world, facts) => {
    const { projectId, deployed } = facts;
    const environment = deployed?.environment ?? readParameterFiles(world, projectId);
    if (!environment?.['APP_CHECK_APP_ID']) return ok('not needed: APP_CHECK_APP_ID is not set');
    return judgeService(facts, 'firebaseappcheck.googleapis.com', (remedy) =>
      warning('not enabled, so logins get no App Check token', remedy),
    );
  },
});
