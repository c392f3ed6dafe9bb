import { z } from 'zod';
import { sh } from '../../../../../functions/src/operator';
import { defineCheck, type Known } from '../check';
import type { Facts, Reach, Subject } from '../facts';
import { failed, ok, type Verdict, warning } from '../finding';
import { cannotLook } from './cannot-look';
import type { DeployedFunction } from './function-shape';
import { bindingsFor, policySchema } from './policy';

const INVOKER = 'roles/run.invoker';

const serviceSchema = z.object({
  name: z.string(),
  invokerIamDisabled: z.boolean().optional(),
  ingress: z.string().optional(),
});

type Deployed = Pick<DeployedFunction, 'service'>;

function serviceArguments({ service }: Deployed, { region, projectId }: Subject): string {
  return sh`${service.split('/').at(-1) ?? ''} --region ${region} --project ${projectId}`;
}

/** Makes the Cloud Run service of the function public. */
export function makePublic(deployed: Deployed, subject: Subject): string {
  const at = serviceArguments(deployed, subject);
  return `gcloud run services add-iam-policy-binding ${at} --member allUsers --role ${INVOKER}`;
}

const REACHES: Readonly<Record<string, Reach>> = {
  INGRESS_TRAFFIC_ALL: 'anywhere',
  // On purpose, for example with Cloud Armor on the load balancer.
  INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER: 'load-balancer',
};

const NOTES: Readonly<Record<Reach, string>> = {
  anywhere: '',
  'load-balancer':
    ", through a load balancer only: its own address and Hosting's rewrites do not reach it",
};

/**
 * Callers have no Google identity, so the Cloud Run service must be public.
 * https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/getIamPolicy
 *
 * @param known Turns the ingress setting into facts.
 */
export async function judgeAccess(
  deployed: Deployed,
  { subject, projectId, google }: Known<'subject' | 'projectId' | 'google'>,
  known: (reach: Reach) => Partial<Facts>,
): Promise<Verdict> {
  const url = `https://run.googleapis.com/v2/${deployed.service}` as const;
  const what = 'who may call the function';
  const options = { google, projectId, what, role: 'roles/run.viewer' } as const;
  const service = await google.get(url, serviceSchema);
  if (service.kind !== 'data') return cannotLook(service, options);
  const { ingress = 'INGRESS_TRAFFIC_ALL', invokerIamDisabled } = service.data;
  const at = serviceArguments(deployed, subject);
  const reach = REACHES[ingress];
  if (reach === undefined) {
    return failed(
      'the function takes no requests from the internet (ingress is restricted)',
      `gcloud run services update ${at} --ingress all`,
    );
  }
  const facts = known(reach);
  const note = NOTES[reach];
  if (invokerIamDisabled === true) {
    return ok(`anybody may call it (the invoker check is off)${note}`, facts);
  }
  // Only version 3 shows conditions.
  const policy = await google.get(
    `${url}:getIamPolicy?options.requestedPolicyVersion=3`,
    policySchema,
  );
  if (policy.kind !== 'data') return cannotLook(policy, { ...options, facts });
  const invokers = bindingsFor(policy.data, ['allUsers']).filter(({ role }) => role === INVOKER);
  if (invokers.some(({ isConditional }) => !isConditional)) {
    return ok(`anybody may call it${note}`, facts);
  }
  const fix = makePublic(deployed, subject);
  if (invokers.length > 0) {
    return warning('anybody may call it, but under a condition only', fix, facts);
  }
  return failed(
    'not public: callers without a Google login get 403',
    `${fix}\n# where an organization policy forbids that:\n` +
      `gcloud run services update ${at} --no-invoker-iam-check`,
    facts,
  );
}

export const publicAccess = defineCheck({
  name: 'public',
  title: 'Public',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google', 'deployed'],
  gives: 'reach',
  look: (_world, facts) => judgeAccess(facts.deployed, facts, (reach) => ({ reach })),
});
