import { z } from 'zod';
import { sh } from '../../../../../functions/src/operator';
import { defineCheck, type Known } from '../check';
import { deploy } from '../commands';
import { failed, notChecked, ok, type Verdict, warning } from '../finding';
import { readProjectParameters } from '../parameters';
import type { World } from '../world';
import { cannotLook } from './cannot-look';
import { projectOf, readSigningGrants, SIGN_BLOB, TOKEN_CREATOR } from './signing-grants';

type Facts = Known<'subject' | 'projectId' | 'google' | 'accounts'>;

const testedSchema = z.object({ permissions: z.array(z.string()).default([]) });

function grantCommand({ accounts: { callsAs, signsAs }, projectId }: Facts): string {
  return (
    sh`gcloud iam service-accounts add-iam-policy-binding ${signsAs} ` +
    sh`--member serviceAccount:${callsAs} --role ${TOKEN_CREATOR} ` +
    sh`--project ${projectOf(signsAs) ?? projectId}`
  );
}

function whom({ callsAs, signsAs }: Facts['accounts']): string {
  return callsAs === signsAs
    ? `${callsAs} may sign as itself`
    : `${callsAs} may sign as ${signsAs}`;
}

/**
 * testIamPermissions answers for the caller, including deny policies: useful only if the doctor runs as
 * the runtime account, for example by impersonation. Undefined: no answer.
 */
async function askAsTheAccount(facts: Facts): Promise<Verdict | undefined> {
  const { google, accounts } = facts;
  if (google.email !== accounts.callsAs) return undefined;
  const answer = await google.post(
    `https://iam.googleapis.com/v1/projects/-/serviceAccounts/${accounts.signsAs}:testIamPermissions`,
    { permissions: [SIGN_BLOB] },
    testedSchema,
  );
  if (answer.kind !== 'data') return undefined;
  return answer.data.permissions.includes(SIGN_BLOB)
    ? ok(`${whom(accounts)}: IAM says so itself`)
    : failed(`not true that ${whom(accounts)}: IAM denies it`, grantCommand(facts));
}

/** Whether the account may sign, by the allow policies. */
async function readPolicies(world: World, facts: Facts): Promise<Verdict> {
  const { subject, google, accounts, projectId } = facts;
  const grants = await readSigningGrants(google, accounts, projectId);
  const grant = grantCommand(facts);
  if (grants.signerMissing) {
    return failed(
      `${accounts.signsAs}, which should sign, does not exist`,
      `# correct SIGNING_SERVICE_ACCOUNT in ${readProjectParameters(world, subject).file}, then\n` +
        deploy('functions:tiki-bridge:auth', subject),
    );
  }
  if (grants.allowed === 'yes') {
    return ok(`${whom(accounts)}, by ${grants.by.join(' and ')} (deny policies are not looked at)`);
  }
  if (grants.allowed === 'conditional') {
    const message = `${whom(accounts)} under a condition only, by ${grants.by.join(' and ')}`;
    return warning(message, grant);
  }
  const [refusal] = grants.refusals;
  if (refusal) {
    const role = 'roles/iam.securityReviewer';
    return cannotLook(refusal, { google, projectId, what: 'who may sign as whom', role });
  }
  if (grants.unreadRoles.length > 0) {
    return notChecked(
      `whether ${whom(accounts)} depends on roles that cannot be read: ${grants.unreadRoles.join(', ')}`,
      grant,
    );
  }
  const has =
    grants.without.length > 0
      ? `what it has does not allow it: ${grants.without.join(', ')}`
      : 'it has no role there';
  return failed(
    `no sign that ${whom(accounts)}: neither the account's policy nor the project's has it ` +
      `(${has}); what comes from groups, folders or the organization cannot be seen from here`,
    grant,
  );
}

export const signBlob = defineCheck({
  name: 'sign-blob',
  title: 'Right to sign',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google', 'accounts'],
  look: async (world, facts) =>
    (await askAsTheAccount(facts)) ?? (await readPolicies(world, facts)),
});
