import { parsePaymentParameters, parsePlans, Problem } from '../../../../../functions/src/operator';
import { defineCheck } from '../check';
import { deploy } from '../commands';
import { failed, ok } from '../finding';
import { readProjectParameters } from '../parameters';
import type { World } from '../world';
import { lookForFunction } from './deployed-function';
import type { DeployedFunction } from './function-shape';

/** What a parser of the function says, without quoting a value; undefined: nothing is wrong. */
function faultOf(parse: () => void): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.extras.operator?.cause ?? error.code;
    throw error;
  }
}

/** Of the function as it is deployed. */
function faultOfFunction({ environment, secrets }: DeployedFunction): string | undefined {
  const bound = new Set(secrets.map(({ key }) => key));
  const missing = ['TIKI_CLIENT_SECRET', 'SESSION_KEYS'].find((key) => !bound.has(key));
  if (missing !== undefined) return `payments was deployed without ${missing}`;
  return faultOf(() => {
    const secret = { TIKI_CLIENT_SECRET: 'not-looked-at' };
    parsePaymentParameters({ GCLOUD_PROJECT: 'some-project', ...environment, ...secret });
  });
}

/** Of the plans that the next deployment uploads. */
function faultOfPlans(world: World, name: string): string | undefined {
  const text = world.readFile(`functions/${name}`);
  if (text === undefined) return `there is no functions/${name}, which PAYMENT_PLANS names`;
  return faultOf(() => parsePlans(text, name));
}

/** The function that sells premium, in projects that sell something. */
export const payments = defineCheck({
  name: 'payments',
  title: 'Payments',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google'],
  gives: 'payments',
  look: async (world, facts) => {
    const { subject } = facts;
    const { file, values } = readProjectParameters(world, subject);
    const redeploy = deploy('functions,hosting', subject);
    const verdict = await lookForFunction('payments', facts, (found) => ({ payments: found }));
    const found = verdict.facts?.payments;
    const plans = values?.['PAYMENT_PLANS'];
    if (!found && verdict.state === 'failed') {
      return plans
        ? failed(`${verdict.message}, although ${file} sets PAYMENT_PLANS`, redeploy)
        : ok('not needed: PAYMENT_PLANS is not set');
    }
    if (verdict.state !== 'ok' || !found) return verdict;
    const given = { payments: found };
    // Without them nothing is completed at Tiki, which then pays nothing out.
    for (const job of ['reconcilePayments', 'paymentsDaily'] as const) {
      const { state, message } = await lookForFunction(job, facts, () => ({}));
      if (state !== 'ok') return failed(message, redeploy, given);
    }
    const fault = faultOfFunction(found) ?? (plans ? faultOfPlans(world, plans) : undefined);
    return fault === undefined
      ? ok('payments is deployed, and its plans are well-formed', given)
      : failed(fault, `# correct ${file} and the plans file, then\n${redeploy}`, given);
  },
});
