import { defineCheck } from '../check';
import { deploy } from '../commands';
import { failed, notChecked, ok, warning } from '../finding';
import {
  type Environment,
  parseParameters,
  readDefaults,
  readParameterFiles,
  SECRET,
} from '../parameters';
import { nameOf, otherEnvironment } from '../tiki/environments';

/**
 * Names whose value in the files is not (yet) the deployed one: whatever stands there is deployed.
 * What a deployment did not know yet has its default all the same.
 */
function notYetDeployed(deployed: Environment, file: Environment, defaults: Environment): string[] {
  return Object.keys(file).filter((name) => {
    // Node's own: without it in a deployment there is none, whatever our files say.
    const otherwise = name === 'NODE_OPTIONS' ? '' : (defaults[name] ?? '');
    // The secret must not stand in the files at all, see "Parameter files".
    return name !== SECRET && file[name] !== (deployed[name] ?? otherwise);
  });
}

function isLoopback(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

/** The parameters that the deployed function has; before a deployment, those it would get. */
export const parameters = defineCheck({
  name: 'parameters',
  title: 'Parameters',
  area: 'Google Cloud',
  needs: ['subject'],
  gives: 'tiki',
  look: (world, { subject: { projectId }, deployed }) => {
    const file = readParameterFiles(world, projectId);
    const environment = deployed?.environment ?? file;
    const name = `functions/.env.${projectId}`;
    if (environment === undefined) {
      return notChecked(
        `no function to look into, and no ${name}`,
        `echo 'TIKI_CLIENT_KEY=<client key>' > ${name}`,
      );
    }
    const where = deployed ? 'deployed' : `not deployed yet, from ${name}`;
    const mend = `# correct ${name}, then\n${deploy('functions:auth', projectId)}`;
    const parsed = parseParameters(environment);
    if ('faults' in parsed) return failed(`${parsed.faults} (${where})`, mend);
    const { clientKey, baseUrl } = parsed.config.tiki;
    if (isLoopback(baseUrl)) {
      return failed(
        `TIKI_API_BASE_URL is an address of the function's own machine (${where})`,
        mend,
      );
    }
    const facts = { tiki: { clientKey, baseUrl } };
    if (otherEnvironment(baseUrl) === undefined) {
      return warning(
        `TIKI_API_BASE_URL is neither of Tiki's two addresses (${where})`,
        mend,
        facts,
      );
    }
    const pending =
      deployed && file ? notYetDeployed(deployed.environment, file, readDefaults(world)) : [];
    if (pending.length > 0) {
      return warning(
        `${name} was changed and not deployed: ${pending.join(', ')}`,
        deploy('functions', projectId),
        facts,
      );
    }
    return ok(`well-formed, for Tiki's ${nameOf(baseUrl)} (${where})`, facts);
  },
});
