import { asDeployed, type DeployedAs } from '../../../../functions/src/operator';
import { UsageError } from '../usage-error';
import { type Check, missingFact } from './check';
import type { Facts } from './facts';
import { type Finding, notChecked, type Verdict } from './finding';
import type { World } from './world';

/** The verdict if an earlier check did not establish a needed fact. */
function without(fact: keyof Facts, checks: readonly Check[]): Verdict {
  const giver = checks.find(({ gives }) => gives === fact);
  return notChecked(`needs "${giver?.title ?? fact}", see there`);
}

async function lookSafely(check: Check, world: World, facts: Partial<Facts>): Promise<Verdict> {
  try {
    return await check.look(world, facts);
  } catch (error) {
    if (error instanceof UsageError) return notChecked(error.message);
    // A bug must not hide the other findings. Only the name, because the message may quote a secret.
    const name = error instanceof Error ? error.name : 'unknown error';
    return notChecked(`the doctor itself stumbled here (${name}); please report it`);
  }
}

/** With the names of the deployment in what is printed. */
function inNamesOf(deployed: DeployedAs, verdict: Verdict): Verdict {
  const { message, remedy } = verdict;
  const named = (text: string) => asDeployed(text, deployed);
  return {
    ...verdict,
    message: named(message),
    ...(remedy !== undefined && { remedy: named(remedy) }),
  };
}

/**
 * Runs the checks one after the other; each gets the facts of those before it.
 *
 * @param facts Known from the start: the subject, if a project was named.
 * @param onFinding Called as soon as a check is done.
 */
export async function examine(
  checks: readonly Check[],
  world: World,
  facts: Partial<Facts>,
  onFinding: (finding: Finding, check: Check) => void = () => undefined,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  let known = facts;
  for (const check of checks) {
    const missing = missingFact(check, known);
    const verdict =
      missing === undefined ? await lookSafely(check, world, known) : without(missing, checks);
    known = { ...known, ...verdict.facts };
    const { deployed } = known.subject ?? world;
    const { state, message, remedy } = inNamesOf(deployed, verdict);
    const finding = { check: check.name, state, message, ...(remedy !== undefined && { remedy }) };
    findings.push(finding);
    onFinding(finding, check);
  }
  return findings;
}
