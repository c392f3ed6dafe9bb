import { defineCheck } from '../check';
import { failed } from '../finding';
import { judgeService } from './service-state';

export const iamCredentialsApi = defineCheck({
  name: 'iam-credentials-api',
  title: 'IAM Credentials API',
  area: 'Google Cloud',
  needs: ['projectId', 'google'],
  look: (_world, facts) =>
    judgeService(facts, 'iamcredentials.googleapis.com', (remedy) =>
      failed('not enabled, so no custom token can be signed', remedy),
    ),
});
