import type { Choices } from './choices';
import type { Project } from './project';

/** How to go on after `init`. */
export function nextSteps({ read }: Project, { prefix }: Choices): string {
  const hasProject = read('.firebaserc') !== undefined;
  const project = hasProject ? '' : ' --project demo-tiki';
  return `
Done. A login on the emulators, with a simulated Tiki:
  npx firebase-tools emulators:start --only auth,functions,hosting${project}
and, while they run, in a second terminal:
  npm exec --no --prefix tiki-bridge -- tiki-firebase-bridge try

The client's baseUrl is https://<your domain>${prefix}. Before you deploy: TIKI_CLIENT_KEY in
tiki-bridge/.env.<project id>, and
  npx firebase-tools functions:secrets:set TIKI_CLIENT_SECRET`;
}
