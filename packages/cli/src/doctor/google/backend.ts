import { parseBackendParameters, Problem } from '../../../../../functions/src/operator';
import { defineCheck } from '../check';
import { deploy } from '../commands';
import { failed, ok } from '../finding';
import { readProjectParameters } from '../parameters';
import { lookForFunction } from './deployed-function';
import type { DeployedFunction } from './function-shape';

/** What the function's own parser says, without quoting a value; undefined: nothing is wrong. */
function faultOf({ environment, secrets }: DeployedFunction): string | undefined {
  try {
    const { PRIVATE_BACKEND_URL: url } = parseBackendParameters({
      GCLOUD_PROJECT: 'some-project',
      ...environment,
    });
    if (!url) return 'PRIVATE_BACKEND_URL is not set';
    if (!secrets.some(({ key }) => key === 'SESSION_KEYS')) {
      return 'backend was deployed without SESSION_KEYS';
    }
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
      const fault = faultOf(found);
      return fault === undefined
        ? ok('backend is deployed and configured', { backend: found })
        : failed(
            fault,
            `# correct ${file}, then\n${deploy('functions:tiki-bridge:backend', subject)}`,
            { backend: found },
          );
    }
    if (found || verdict.state !== 'failed') return verdict;
    return values?.['PRIVATE_BACKEND_URL']
      ? failed(
          `${verdict.message}, although ${file} sets PRIVATE_BACKEND_URL`,
          deploy('functions:tiki-bridge:backend,hosting', subject),
        )
      : ok('not needed: PRIVATE_BACKEND_URL is not set');
  },
});
