import { z } from 'zod';
import type { Project } from '../../project';
import { defineCheck } from '../check';
import { doctor, enableApi } from '../commands';
import { failed, ok } from '../finding';
import { cannotLook } from './cannot-look';
import { readService } from './service-state';

const SERVICE = 'identitytoolkit.googleapis.com';

/** Behind the gateway, all new customers share Google's few addresses. */
const SET_UP =
  'Firebase Authentication is set up; unless raised, it creates 100 accounts an hour and address ' +
  '(docs/growth.md)';

const configSchema = z.object({ name: z.string().regex(/^projects\/[^/]+\/config$/) });

/**
 * "Get started" has to be pressed once. Initialising by API would upgrade to Identity Platform, which
 * is billed separately; the CLI can only enable a provider, which custom tokens do not need.
 */
function setUp(project: Project): string {
  return (
    `# https://console.firebase.google.com/project/${project.projectId}/authentication\n` +
    '# "Get started" there is all: no sign-in provider has to be enabled. Then\n' +
    doctor(project)
  );
}

/**
 * Without a configuration custom tokens can be signed but not used (CONFIGURATION_NOT_FOUND).
 * https://cloud.google.com/identity-platform/docs/reference/rest/v2/projects/getConfig
 */
export const authentication = defineCheck({
  name: 'authentication',
  title: 'Authentication',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google'],
  look: async (_world, facts) => {
    const { subject, projectId, google } = facts;
    const answer = await google.get(
      `https://${SERVICE}/admin/v2/projects/${projectId}/config`,
      configSchema,
    );
    if (answer.kind === 'data') return ok(SET_UP);
    if (answer.kind === 'not-found') {
      return failed(
        'Firebase Authentication is not set up: custom tokens are refused (CONFIGURATION_NOT_FOUND)',
        setUp(subject),
      );
    }
    if (answer.kind === 'api-disabled') {
      // It may be disabled only in the service account's own project, its quota project.
      const service = await readService(facts, SERVICE);
      if (service.kind === 'data' && service.data.state === 'DISABLED') {
        return failed(
          'the API of Firebase Authentication is not enabled: nobody can sign in',
          `${enableApi(SERVICE, projectId)}\n${setUp(subject)}`,
        );
      }
    }
    const role = 'roles/firebaseauth.viewer';
    return cannotLook(answer, { google, projectId, what: 'Firebase Authentication', role });
  },
});
