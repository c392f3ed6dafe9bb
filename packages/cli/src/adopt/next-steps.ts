import { type Choices, GROUP } from './wanted/choices';
import { FOLDER } from './project/project';

/** Features that need accounts of their own; `premium` belongs to the login in infra/access.json. */
const IN_SETUP = ['sessions', 'payments', 'backend', 'push'] as const;

/** The accounts of the functions, without which the Firebase CLI refuses to deploy them. */
function setupCommand({ features, group }: Choices): string {
  const chosen = IN_SETUP.filter((feature) => features.includes(feature));
  return [
    `${FOLDER}/node_modules/tiki-firebase-bridge/infra/setup.sh --project <project id>`,
    ...(chosen.length > 0 ? [`--with ${chosen.join()}`] : []),
    ...(group ? [`--prefix ${GROUP}-`] : []),
  ].join(' ');
}

/** How to go on after `init`. */
export function nextSteps(choices: Choices): string {
  const { prefix, target } = choices;
  // The Firebase CLI calls nobody for a project of this name. Targets belong to the real one.
  const project = target === undefined ? ' --project demo-tiki' : '';
  const bridge = `npm exec --no --prefix ${FOLDER} -- tiki-firebase-bridge`;
  return `
Done. A login on the emulators, with a simulated Tiki:
  npx firebase-tools emulators:start --only auth,functions,hosting${project}
and, while they run, in a second terminal:
  ${bridge} try

For a real project, write TIKI_CLIENT_KEY=<client key> into ${FOLDER}/.env.<project id>. Then the accounts of
the functions (this prints what it would create; --apply creates it), the secret, and the deployment:
  ${setupCommand(choices)}
  npx firebase-tools functions:secrets:set TIKI_CLIENT_SECRET --project <project id>
  ${bridge} deploy --project <project id>
The client's baseUrl is https://<your domain>${prefix}.`;
}
