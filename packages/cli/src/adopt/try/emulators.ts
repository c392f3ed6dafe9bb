import { sh } from '../../../../../functions/src/operator';
import type { Choices } from '../wanted/choices';
import { nameOfSite, type Site } from '../project/firebase-json';

/** The Firebase CLI calls no one for a project whose name begins with `demo-`. */
export const DEMO_PROJECT = 'demo-tiki';

const FIREBASE = 'npx firebase-tools';

/** Whether the rewrites of Hosting are ours; otherwise the functions are called by their own addresses. */
export const isThroughHosting = (choices: Choices, site: Site | undefined): boolean =>
  site !== undefined && !choices.skipped.includes('hosting');

/**
 * The commands that start the emulators for `try`, and never as the real project: without an emulator of
 * Firestore, functions of the project would write to its database. Targets belong to a project, so the
 * emulators' project gets one too.
 */
export function emulatorCommands(choices: Choices, site: Site | undefined): readonly string[] {
  const of = `--project ${DEMO_PROJECT}`;
  const start = (only: string) => `${FIREBASE} emulators:start ${sh`--only ${only}`} ${of}`;
  if (!site || !isThroughHosting(choices, site)) return [start('auth,functions')];
  const { target } = site;
  const name = nameOfSite(site);
  return [
    ...(target === undefined
      ? []
      : [`${FIREBASE} ${sh`target:apply hosting ${target}`} ${DEMO_PROJECT} ${of}`]),
    start(`auth,functions,hosting${name === undefined ? '' : `:${name}`}`),
  ];
}
