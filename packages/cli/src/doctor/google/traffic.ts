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
 * do nothing. Scheduled functions go with the others: a rollback sends all of them back.
 *
 * https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration
 */
export const traffic = defineCheck({
  name: 'traffic',
  title: 'Traffic',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google', 'deployed'],
  look: async (_world, facts) => {
    const { subject, projectId, google, deployed, gateway, sessions, backend, payments, push } =
      facts;
    const services = [deployed, gateway, sessions, backend, payments, push].flatMap((found) =>
      found ? [found.service] : [],
    );
    const answers = await Promise.all(
      services.map(async (service) => ({
        service,
        answer: await google.get(`https://run.googleapis.com/v2/${service}`, serviceSchema),
      })),
    );
    const pinned = answers.flatMap(({ service, answer }) => {
      const targets = answer.kind === 'data' ? answer.data.traffic : [];
      const revisions = targets
        .filter(({ type, percent }) => percent > 0 && type.endsWith('_REVISION'))
        .map(({ revision }) => revision?.split('/').at(-1) ?? 'an unnamed revision');
      return revisions.length === 0 ? [] : [{ service: service.split('/').at(-1), revisions }];
    });
    if (pinned.length > 0) {
      const names = pinned.flatMap(({ revisions }) => revisions);
      return warning(
        `${names.join(' and ')} has the traffic, as after a rollback: new deployments get none`,
        pinned
          .map(
            ({ service }) =>
              sh`gcloud run services update-traffic ${service ?? ''} --to-latest ` +
              sh`--region ${subject.region} --project ${projectId}`,
          )
          .join('\n'),
      );
    }
    for (const { answer } of answers) {
      if (answer.kind === 'data') continue;
      const what = 'which revision serves';
      return cannotLook(answer, { google, projectId, what, role: 'roles/run.viewer' });
    }
    return ok('the newest revision serves');
  },
});
