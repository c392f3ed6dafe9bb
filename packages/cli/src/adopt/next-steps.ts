import type { Choices } from './choices';

/** How to go on after `init`. */
export function nextSteps({ prefix, target }: Choices): string {
  // The Firebase CLI calls nobody for a project of this name. Targets belong to the real one.
  const project = target === undefined ? ' --project demo-tiki' : '';
  return `
Done. A login on the emulators, with a simulated Tiki:
  npx firebase-tools emulators:start --only auth,functions,hosting${project}
and, while they run, in a second terminal:
  npm exec --no --prefix tiki-bridge -- tiki-firebase-bridge try

The client's baseUrl is https://<your domain>${prefix}. Before you deploy: TIKI_CLIENT_KEY in
tiki-bridge/.env.<project id>, and
  npx firebase-tools functions:secrets:set TIKI_CLIENT_SECRET`;
}
