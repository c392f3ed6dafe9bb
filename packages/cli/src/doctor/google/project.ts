import { z } from 'zod';
import { sh } from '../../../../../functions/src/operator';
import { defineCheck } from '../check';
import { failed, ok } from '../finding';
import { cannotLook, grantOnProject } from './cannot-look';

const projectSchema = z.object({
  name: z.string().regex(/^projects\/\d+$/),
  state: z.string().regex(/^[A-Z_]+$/),
});

/** https://cloud.google.com/resource-manager/reference/rest/v3/projects/get */
export const project = defineCheck({
  name: 'project',
  title: 'Project',
  area: 'Google Cloud',
  needs: ['subject', 'google'],
  gives: 'projectId',
  look: async (_world, { subject: { projectId, region }, google }) => {
    const answer = await google.get(
      `https://cloudresourcemanager.googleapis.com/v3/projects/${projectId}`,
      projectSchema,
    );
    if (answer.kind === 'data' && answer.data.state === 'ACTIVE') {
      return ok(`${projectId}, looking in ${region}`, {
        projectId,
        projectNumber: answer.data.name.slice('projects/'.length),
      });
    }
    if (answer.kind === 'data') {
      return failed(
        `${projectId} is not active: ${answer.data.state}`,
        sh`gcloud projects undelete ${projectId}`,
      );
    }
    // Google also says "denied" for a project that does not exist, to hide which do.
    if ((answer.kind === 'denied' && !answer.forQuota) || answer.kind === 'not-found') {
      return failed(
        `there is no project ${projectId}, or your credentials may not see it`,
        'gcloud projects list   # is the id right? If so, its owner can let you look:\n' +
          grantOnProject(projectId, google.member, 'roles/browser'),
      );
    }
    return cannotLook(answer, {
      google,
      projectId,
      what: 'the project',
      role: 'roles/browser',
      // A disabled API proves that the project exists.
      ...(answer.kind === 'api-disabled' && { facts: { projectId } }),
    });
  },
});
