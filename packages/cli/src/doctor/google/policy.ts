import { z } from 'zod';

const binding = z.object({
  role: z.string().regex(/^(?:roles|projects\/[\w.:-]+\/roles|organizations\/\d+\/roles)\/[\w.]+$/),
  members: z.array(z.string()).default([]),
  condition: z.unknown().optional(),
});

/** An IAM allow policy; without `bindings` it allows nothing. */
export const policySchema = z
  .object({ bindings: z.array(binding).default([]) })
  .transform(({ bindings }) =>
    bindings.map(({ role, members, condition }) => ({
      role,
      members,
      isConditional: condition !== undefined && condition !== null,
    })),
  );
export type Policy = z.output<typeof policySchema>;

/** Google keeps the spelling in which a member was granted a role. */
export function bindingsFor(policy: Policy, members: readonly string[]): Policy {
  const wanted = new Set(members.map((member) => member.toLowerCase()));
  return policy.filter((one) => one.members.some((member) => wanted.has(member.toLowerCase())));
}
