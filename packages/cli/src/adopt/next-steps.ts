import { GROUP } from '../deployment';
import { type Choices, functionsOf } from './wanted/choices';
import type { Site } from './project/firebase-json';
import { FOLDER } from './project/project';
import { emulatorCommands, isThroughHosting } from './try/emulators';

/** Features with accounts that infra/setup.sh creates only when it is asked. */
const IN_SETUP = ['sessions', 'payments', 'backend', 'push'] as const;

/** The accounts of the functions, without which the Firebase CLI refuses to deploy them. */
function setupCommand({ features, group }: Choices): string {
  const chosen = IN_SETUP.filter((feature) => features.includes(feature));
  return [
    `${FOLDER}/node_modules/tiki-firebase-bridge/infra/setup.sh --project <project id>`,
    '--email <your address>',
    ...(chosen.length > 0 ? [`--with ${chosen.join()}`] : []),
    // Its account may change all accounts of the project: none where nothing uses it.
    ...(functionsOf(features).includes('reconcilePremium') ? [] : ['--no-premium']),
    ...(group ? [`--prefix ${GROUP}-`] : []),
  ].join(' ');
}

function addressOf(choices: Choices, site: Site | undefined): string {
  if (!site) {
    return (
      "The client's baseUrl and gatewayUrl are the addresses of the functions auth and gateway, which the\n" +
      'deployment prints.'
    );
  }
  const address = `The client's baseUrl is https://<your domain>${choices.prefix}`;
  return isThroughHosting(choices, site)
    ? `${address}.`
    : `${address}, once you have added the rewrites.`;
}

/** The parts that `deploy` leaves out, since nobody knows whether they are ready. */
const byHand = ({ skipped }: Choices): string =>
  skipped.length === 0
    ? ''
    : `\nWhat you merge by hand (${skipped.join(', ')}) is deployed only if you name it: deploy --only <parts>`;

/** How to go on after `init`. @param site The one that leads to the bridge; undefined: there is no Hosting */
export function nextSteps(choices: Choices, site: Site | undefined): string {
  const bridge = `npm exec --no --prefix ${FOLDER} -- tiki-firebase-bridge`;
  const emulators = emulatorCommands(choices, site).map((each) => `  ${each}`);
  return `
A login on the emulators, with a simulated Tiki:
${emulators.join('\n')}
and, while they run, in a second terminal:
  ${bridge} try

For a real project, write into ${FOLDER}/.env.<project id>
  TIKI_CLIENT_KEY=<client key of the Tini App>
  WEB_API_KEY=<Web API key, in the project settings of the Firebase console>
Then the accounts of the functions with alerts to your address (this prints what it would create; --apply creates it),
the secret, and the deployment:
  ${setupCommand(choices)}
  npx firebase-tools functions:secrets:set TIKI_CLIENT_SECRET --project <project id>
  ${bridge} deploy --project <project id>${byHand(choices)}
${addressOf(choices, site)}`;
}
