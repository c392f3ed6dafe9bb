import { defineCheck } from '../check';
import { ok, warning } from '../finding';
import { readProjectParameters } from '../parameters';
import { judgeService } from './service-state';

/** Checked only if App Check tokens are configured. A login works without one. */
export const appCheckApi = defineCheck({
  name: 'app-check-api',
  title: 'App Check API',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google'],
  look: (world, facts) => {
    const { subject, deployed } = facts;
    const environment = deployed?.environment ?? readProjectParameters(world, subject).values;
    if (!environment?.['APP_CHECK_APP_ID']) return ok('not needed: APP_CHECK_APP_ID is not set');
    return judgeService(facts, 'firebaseappcheck.googleapis.com', (remedy) =>
      warning('not enabled, so logins get no App Check token', remedy),
    );
  },
});
