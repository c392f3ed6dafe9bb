import { z } from 'zod';
import type { SigningAccounts } from '../facts';
import type { GoogleApi, GoogleRefusal } from './api';
import { bindingsFor, policySchema } from './policy';

export const SIGN_BLOB = 'iam.serviceAccounts.signBlob';
export const TOKEN_CREATOR = 'roles/iam.serviceAccountTokenCreator';

/** Known without asking Google. People expect the basic roles to include it; they do not. */
const WELL_KNOWN: Readonly<Record<string, boolean>> = {
  [TOKEN_CREATOR]: true,
  'roles/owner': false,
  'roles/editor': false,
  'roles/viewer': false,
  'roles/iam.serviceAccountUser': false,
};

const roleSchema = z.object({ includedPermissions: z.array(z.string()).default([]) });

/** What the allow policies grant the account; without groups, folders and deny policies. */
export interface SigningGrants {
  /** `conditional`: only by bindings with a condition. */
  readonly allowed: 'yes' | 'conditional' | 'no';
  /** Roles that allow it and where they are granted, for a message. */
  readonly by: readonly string[];
  /** Roles of the account that do not allow it. */
  readonly without: readonly string[];
  /** Roles whose permissions could not be read. */
  readonly unreadRoles: readonly string[];
  /** What could not be read at all. */
  readonly refusals: readonly GoogleRefusal[];
  /** IAM does not know the account that should sign. */
  readonly signerMissing: boolean;
}

async function containsSignBlob(google: GoogleApi, role: string): Promise<boolean | undefined> {
  const known = WELL_KNOWN[role];
  if (known !== undefined) return known;
  const answer = await google.get(`https://iam.googleapis.com/v1/${role}`, roleSchema);
  return answer.kind === 'data' ? answer.data.includedPermissions.includes(SIGN_BLOB) : undefined;
}

/** The project in the address of an account, if there is one: `name@my-app.example.com.iam…` is of one below a domain. */
export function projectOf(email: string): string | undefined {
  const [, name, domain] =
    /@([a-z][a-z\d-]+)((?:\.[a-z\d-]+)*)\.iam\.gserviceaccount\.com$/.exec(email) ?? [];
  return domain ? `${domain.slice(1)}:${name ?? ''}` : name;
}

/**
 * Reads the allow policies of the signing account and of its project.
 *
 * @see https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/getIamPolicy
 * @see https://cloud.google.com/resource-manager/reference/rest/v3/projects/getIamPolicy
 */
export async function readSigningGrants(
  google: GoogleApi,
  { callsAs, signsAs }: SigningAccounts,
  projectId: string,
): Promise<SigningGrants> {
  const version = 3; // Only then are conditions shown.
  const onAccount = await google.post(
    `https://iam.googleapis.com/v1/projects/-/serviceAccounts/${signsAs}:getIamPolicy?options.requestedPolicyVersion=${version}`,
    {},
    policySchema,
  );
  const onProject = await google.post(
    `https://cloudresourcemanager.googleapis.com/v3/projects/${projectOf(signsAs) ?? projectId}:getIamPolicy`,
    { options: { requestedPolicyVersion: version } },
    policySchema,
  );
  const places = [
    { where: 'on the account', answer: onAccount },
    { where: 'on the project', answer: onProject },
  ];
  const grants: { by: string; isConditional: boolean }[] = [];
  const without = new Set<string>();
  const unreadRoles = new Set<string>();
  for (const { where, answer } of places) {
    if (answer.kind !== 'data') continue;
    for (const { role, isConditional } of bindingsFor(answer.data, [`serviceAccount:${callsAs}`])) {
      const contains = await containsSignBlob(google, role);
      if (contains === true) grants.push({ by: `${role} ${where}`, isConditional });
      else (contains === false ? without : unreadRoles).add(role);
    }
  }
  const firm = grants.filter(({ isConditional }) => !isConditional);
  return {
    allowed: firm.length > 0 ? 'yes' : grants.length > 0 ? 'conditional' : 'no',
    by: (firm.length > 0 ? firm : grants).map(({ by }) => by),
    without: [...without],
    unreadRoles: [...unreadRoles],
    refusals: [onAccount, onProject].filter((answer) => answer.kind !== 'data'),
    signerMissing: onAccount.kind === 'not-found',
  };
}
