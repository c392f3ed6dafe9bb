import { z } from 'zod';
import { defineCheck } from '../check';
import { failed, ok } from '../finding';
import { cannotLook } from './cannot-look';

const serviceSchema = z.object({ state: z.enum(['ENABLED', 'DISABLED', 'STATE_UNSPECIFIED']) });

/** https://cloud.google.com/service-usage/docs/reference/rest/v1/services/get */
export const iamCredentialsApi = defineCheck({
  name: 'iam-credentials-api',
  title: 'IAM Credentials API',
  area: 'Google Cloud',
  needs: ['projectId', 'google'],
  look: async (_world, { projectId, google }) => {
    const answer = await google.get(
      `https://serviceusage.googleapis.com/v1/projects/${projectId}/services/iamcredentials.googleapis.com`,
      serviceSchema,
    );
    if (answer.kind !== 'data') {
      return cannotLook(answer, {
        google,
        projectId,
        what: 'the enabled APIs',
        role: 'roles/serviceusage.serviceUsageViewer',
      });
    }
    if (answer.data.state === 'ENABLED') return ok('enabled');
    return failed(
      'not enabled, so no custom token can be signed',
      `gcloud services enable iamcredentials.googleapis.com --project ${projectId}`,
    );
  },
});
