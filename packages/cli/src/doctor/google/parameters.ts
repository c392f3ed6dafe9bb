import { LOOPBACK_HOSTS, sh } from '../../../../../functions/src/operator';
import { defineCheck } from '../check';
import { deploy } from '../commands';
import { failed, notChecked, ok, warning } from '../finding';
import { parseParameters, readProjectParameters } from '../parameters';
import { environmentOf, otherEnvironment } from '../tiki/environments';
import { pendingIn, restoring } from './pending';

/** The parameters of the deployed function; before a deployment, those of the files. */
export const parameters = defineCheck({
  name: 'parameters',
  title: 'Parameters',
  area: 'Google Cloud',
  needs: ['subject'],
  gives: 'tiki',
  look: (world, { subject, deployed, gateway, sessions, backend, payments, push }) => {
    const { file: name, values: file, defaults } = readProjectParameters(world, subject);
    const environment = deployed?.environment ?? file;
    if (environment === undefined) {
      return notChecked(
        `no function to look into, and no ${name}`,
        '# if nothing is deployed yet\n' + sh`echo 'TIKI_CLIENT_KEY=<client key>' > ${name}`,
      );
    }
    const where = deployed ? 'deployed' : `not deployed yet, from ${name}`;
    const optional = { sessions, backend, payments, pushNotification: push };
    const functions = { auth: deployed, gateway, ...optional };
    const lost = file === undefined ? restoring(name, functions, defaults) : undefined;
    const correct = `# correct ${name}, then\n${deploy('functions:tiki-bridge:auth', subject)}`;
    const fix = lost === undefined ? correct : `${lost}\n${correct}`;
    const parsed = parseParameters(environment);
    if ('faults' in parsed) return failed(`${parsed.faults} (${where})`, fix);
    const { TIKI_CLIENT_KEY: clientKey, TIKI_API_BASE_URL: baseUrl } = parsed.config;
    if (LOOPBACK_HOSTS.has(new URL(baseUrl).hostname)) {
      return failed(
        `TIKI_API_BASE_URL is an address of the function's own machine (${where})`,
        fix,
      );
    }
    const facts = { tiki: { clientKey, baseUrl } };
    if (otherEnvironment(baseUrl) === undefined) {
      return warning(`TIKI_API_BASE_URL is neither of Tiki's two addresses (${where})`, fix, facts);
    }
    if (lost !== undefined) {
      const message = `there is no ${name}: a deployment from here undoes what was set`;
      return warning(message, lost, facts);
    }
    const pending = deployed && file && pendingIn(file, functions, defaults, subject);
    if (pending) {
      return warning(
        `${name} was changed and not deployed: ${pending.names.join(', ')}`,
        pending.remedy,
        facts,
      );
    }
    return ok(`well-formed, for Tiki's ${environmentOf(baseUrl)} (${where})`, facts);
  },
});
