import { z } from 'zod';
import type { Known } from '../check';
import { enableApi } from '../commands';
import { ok, type Verdict } from '../finding';
import { cannotLook } from './cannot-look';

type Facts = Known<'projectId' | 'google'>;

/** A Google API by its name, such as `iamcredentials.googleapis.com`. */
export type Service = `${string}.googleapis.com`;

const serviceSchema = z.object({ state: z.enum(['ENABLED', 'DISABLED', 'STATE_UNSPECIFIED']) });

/** https://cloud.google.com/service-usage/docs/reference/rest/v1/services/get */
export function readService({ google, projectId }: Facts, service: Service) {
  return google.get(
    `https://serviceusage.googleapis.com/v1/projects/${projectId}/services/${service}`,
    serviceSchema,
  );
}

/** @param whenDisabled Makes the verdict from the command that enables the API. */
export async function judgeService(
  facts: Facts,
  service: Service,
  whenDisabled: (remedy: string) => Verdict,
): Promise<Verdict> {
  const { google, projectId } = facts;
  const answer = await readService(facts, service);
  if (answer.kind !== 'data') {
    const role = 'roles/serviceusage.serviceUsageViewer';
    return cannotLook(answer, { google, projectId, what: 'the enabled APIs', role });
  }
  if (answer.data.state === 'ENABLED') return ok('enabled');
  return whenDisabled(enableApi(service, projectId));
}
