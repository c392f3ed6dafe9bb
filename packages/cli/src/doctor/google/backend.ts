import { parseBackendParameters, Problem } from '../../../../../functions/src/operator';
import { defineCheck } from '../check';
import { deploy } from '../commands';
import { failed, ok } from '../finding';
import { readProjectParameters } from '../parameters';
import { lookForFunction } from './deployed-function';
import type { DeployedFunction } from './function-shape';
import { KEYS, notDeployed, setKeys } from './session-keys';

/** What the function's own parser says, without quoting a value; undefined: nothing is wrong. */
function faultOf({ environment }: DeployedFunction): string | undefined {
  try {
    const { PRIVATE_BACKEND_URL: url } = parseBackendParameters({
      GCLOUD_PROJECT: 'some-project',
      ...environment,
    });
    if (!url) return 'PRIVATE_BACKEND_URL is not set';
    return environment['WEB_API_KEY'] ? undefined : 'WEB_API_KEY is not set';
  } catch (error) {
    if (error instanceof Problem) return error.extras.operator?.cause ?? error.code;
    throw error;
  }
}

/** The function before a private service, in projects that have one. */
export const backend = defineCheck({
  name: 'backend',
  title: 'Private backend',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google'],
  gives: 'backend',
  look: async (world, facts) => {
    const { subject } = facts;
    const { file, values } = readProjectParameters(world, subject);
    const verdict = await lookForFunction('backend', facts, (found) => ({ backend: found }));
    const found = verdict.facts?.backend;
    if (verdict.state === 'ok' && found) {
      const redeploy = deploy('functions:tiki-bridge:backend', subject);
      const known = { backend: found };
      if (!found.secrets.some(({ key }) => key === KEYS)) {
        const remedy = `${setKeys(subject)}\n${redeploy}`;
        return failed(`backend was deployed without ${KEYS}`, remedy, known);
      }
      const fault = faultOf(found);
      return fault === undefined
        ? ok('backend is deployed and configured', known)
        : failed(fault, `# correct ${file}, then\n${redeploy}`, known);
    }
    if (found || verdict.state !== 'failed') return verdict;
    return values?.['PRIVATE_BACKEND_URL']
      ? notDeployed(
          'backend',
          `${verdict.message}, although ${file} sets PRIVATE_BACKEND_URL`,
          facts,
        )
      : ok('not needed: PRIVATE_BACKEND_URL is not set');
  },
});
