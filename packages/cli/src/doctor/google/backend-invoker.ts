import { z } from 'zod';
import { parseBackendParameters, sh } from '../../../../../functions/src/operator';
import { defineCheck, type Known } from '../check';
import { ok, type Verdict, warning } from '../finding';
import { cannotLook } from './cannot-look';
import type { DeployedFunction } from './function-shape';
import { bindingsFor, policySchema } from './policy';

const INVOKER = 'roles/run.invoker';

const listSchema = z.object({
  services: z
    .array(
      z.object({
        name: z
          .string()
          .regex(/^projects\/[\w.:-]+\/locations\/[a-z0-9-]+\/services\/[a-z][a-z0-9-]*$/),
        uri: z.string().optional(),
        /** A service has an address with its project's number, and an older one. */
        urls: z.array(z.string()).default([]),
        invokerIamDisabled: z.boolean().default(false),
      }),
    )
    .default([]),
});

/** Undefined: none, or one that the function refuses. */
function addressOf({ environment }: DeployedFunction): string | undefined {
  try {
    const { PRIVATE_BACKEND_URL: url } = parseBackendParameters({
      GCLOUD_PROJECT: 'some-project',
      ...environment,
    });
    return url?.origin;
  } catch {
    return undefined;
  }
}

/**
 * Whether Cloud Run lets the function call the private service. Rights that come from the project, a
 * folder or a group are not seen here.
 * https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/list
 */
async function judge(
  { runtimeAccount }: DeployedFunction,
  address: string,
  { subject: { region }, projectId, google }: Known<'subject' | 'projectId' | 'google'>,
): Promise<Verdict> {
  const what = 'who may call the private service';
  const options = { google, projectId, what, role: 'roles/run.viewer' } as const;
  const list = await google.get(
    `https://run.googleapis.com/v2/projects/${projectId}/locations/${region}/services?pageSize=1000`,
    listSchema,
  );
  if (list.kind !== 'data') return cannotLook(list, options);
  const service = list.data.services.find(({ uri, urls }) => [uri, ...urls].includes(address));
  if (!service) {
    return ok(
      `not known: PRIVATE_BACKEND_URL is no service's own address in ${region} of this project`,
    );
  }
  const name = service.name.split('/').at(-1) ?? '';
  if (service.invokerIamDisabled) return ok(`anybody may call ${name} (the invoker check is off)`);
  const policy = await google.get(
    `https://run.googleapis.com/v2/${service.name}:getIamPolicy?options.requestedPolicyVersion=3`,
    policySchema,
  );
  if (policy.kind !== 'data') return cannotLook(policy, options);
  const member = `serviceAccount:${runtimeAccount}`;
  const members = [member, 'allAuthenticatedUsers', 'allUsers'];
  const isAllowed = bindingsFor(policy.data, members).some(
    ({ role, isConditional }) => role === INVOKER && !isConditional,
  );
  return isAllowed
    ? ok(`${runtimeAccount} may call ${name}`)
    : warning(
        `no sign that ${runtimeAccount} may call ${name}: without ${INVOKER}, Cloud Run answers 403`,
        sh`gcloud run services add-iam-policy-binding ${name} --region ${region} ` +
          sh`--project ${projectId} --member ${member} --role ${INVOKER}`,
      );
}

/** Granted after the deployment, and easily forgotten. */
export const backendInvoker = defineCheck({
  name: 'backend-invoker',
  title: 'Right to call the backend',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google'],
  look: (_world, facts) => {
    const address = facts.backend && addressOf(facts.backend);
    return facts.backend && address !== undefined
      ? judge(facts.backend, address, facts)
      : ok('not needed: no private backend is deployed');
  },
});
