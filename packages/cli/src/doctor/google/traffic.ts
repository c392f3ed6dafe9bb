import { z } from 'zod';
import { sh } from '../../../../../functions/src/operator';
import { defineCheck } from '../check';
import { ok, warning } from '../finding';
import { cannotLook } from './cannot-look';

const serviceSchema = z.object({
  traffic: z
    .array(
      z.object({
        type: z.string(),
        revision: z
          .string()
          .regex(/^(?:[\w.:/-]+\/)?[a-z][a-z0-9-]{0,62}$/)
          .optional(),
        percent: z.number().default(0),
      }),
    )
    .default([]),
});

/**
 * After a rollback the traffic stays where it was sent: a deployment by the Firebase CLI alone seems to
 * do nothing.
 *
 * https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration
 */
export const traffic = defineCheck({
  name: 'traffic',
  title: 'Traffic',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google', 'deployed'],
  look: async (_world, { subject, projectId, google, deployed }) => {
    const answer = await google.get(
      `https://run.googleapis.com/v2/${deployed.service}`,
      serviceSchema,
    );
    if (answer.kind !== 'data') {
      const what = 'which revision serves';
      return cannotLook(answer, { google, projectId, what, role: 'roles/run.viewer' });
    }
    const pinned = answer.data.traffic.filter(
      ({ type, percent }) => percent > 0 && type.endsWith('_REVISION'),
    );
    if (pinned.length === 0) return ok('the newest revision serves');
    const names = pinned.map(
      ({ revision }) => revision?.split('/').at(-1) ?? 'an unnamed revision',
    );
    const service = deployed.service.split('/').at(-1) ?? '';
    return warning(
      `${names.join(' and ')} has the traffic, as after a rollback: new deployments get none`,
      sh`gcloud run services update-traffic ${service} --to-latest ` +
        sh`--region ${subject.region} --project ${projectId}`,
    );
  },
});
