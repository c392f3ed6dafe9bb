import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../usage-error';
import { printable } from '../printable';
import { askForSite, confirm } from './ask';
import { DEFAULT_REGION } from '../deployment';
import { deployedName, functionsOf } from './wanted/choices';
import type { AdoptOptions, AdoptTask } from './command';
import { EMULATOR_FILES } from './try/emulator-files';
import { siteIn } from './project/firebase-json';
import { carryOutEdits, projectIn, refuseOutside } from './project/folder';
import { judgeProject } from './judge/judge-project';
import { nextSteps } from './next-steps';
import { install, INSTALL_COMMAND, isInstalled, isLocked } from './install/npm';
import { pack, packedIn, type PackedFile } from './install/packed';
import type { Environment, Plan } from './plan/plan';
import { planInstall } from './plan/plan-install';
import { planRemove } from './plan/plan-remove';
import { FOLDER } from './project/project';
import { readRecord } from './plan/record';
import { describeEdits, describeRefusal, shown, summaryOf } from './show';
import { readTemplate } from './wanted/template';

/** @returns whether there were any */
function printRefusals({ refusals }: Plan): boolean {
  if (refusals.length === 0) return false;
  console.error(
    `Nothing was written, because of:\n\n${refusals.map(describeRefusal).join('\n\n')}`,
  );
  return true;
}

const printNotes = ({ notes }: Plan) => {
  for (const note of notes) console.log(`Note: ${printable(note)}`);
};

/** What differs from what this version writes; nothing is written. */
function check(
  root: string,
  plan: Plan,
  { packed, remedy }: { readonly packed: PackedFile | undefined; readonly remedy: string },
): number {
  if (plan.refusals.length > 0) {
    console.error(plan.refusals.map(describeRefusal).join('\n\n'));
    return 1;
  }
  printNotes(plan);
  const wrong = [
    ...plan.edits.map(({ path: file, before }) =>
      before === undefined ? `${file} is missing` : `${file} is out of date`,
    ),
    ...(packed ? [] : [`the packed file in ${FOLDER}/ is missing or out of date`]),
    ...(packed && !isLocked(root, packed)
      ? [`${FOLDER}/package-lock.json is missing or out of date`]
      : []),
  ];
  for (const line of wrong) console.log(printable(line));
  console.log(wrong.length === 0 ? 'Up to date.' : `To bring it up to date: ${remedy}`);
  return wrong.length === 0 ? 0 : 1;
}

/** What the emulators need to log in at the simulator. Of this computer only; never overwritten. */
function writeEmulatorFiles(root: string): void {
  for (const [name, text] of Object.entries(EMULATOR_FILES)) {
    const file = path.join(root, FOLDER, name);
    if (!existsSync(file)) writeFileSync(file, text);
  }
}

/** Packed files of other versions, or all of them. */
function removePacked(root: string, except?: string): void {
  const folder = path.join(root, FOLDER);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names) {
    const isPacked = /^tiki-firebase-bridge-.*\.tgz$/.test(name);
    if (isPacked && name !== except) rmSync(path.join(folder, name));
  }
}

/** All that is written or deleted, also what is no part of a plan. */
const writtenFiles = ({ edits }: Plan, ...inFolder: readonly string[]): readonly string[] => [
  ...edits.map(({ path: file }) => file),
  ...[...inFolder, ...Object.keys(EMULATOR_FILES)].map((name) => `${FOLDER}/${name}`),
];

async function write(
  root: string,
  plan: Plan,
  packed: PackedFile,
  options: AdoptOptions,
): Promise<number> {
  const target = path.join(root, FOLDER, packed.file);
  const isCopied = path.resolve(packed.path) === target;
  const isReady = isLocked(root, packed) && isInstalled(root);
  printNotes(plan);
  refuseOutside(root, writtenFiles(plan, packed.file));
  if (plan.edits.length > 0) {
    console.log(describeEdits(plan.edits));
    console.log(`\n${summaryOf(plan.edits)}`);
    await confirm('Write these changes?', options.yes);
  } else if (isCopied && (isReady || !options.install)) {
    console.log('Nothing to do: everything is as this version writes it.');
    return 0;
  }
  // Before what names it.
  if (!isCopied) {
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(packed.path, target);
  }
  await carryOutEdits(root, plan.edits);
  removePacked(root, packed.file);
  writeEmulatorFiles(root);
  if (options.install) console.log(`\nInstalling the packages of ${FOLDER}/ …`);
  const failure = options.install ? install(root) : undefined;
  if (failure !== undefined) console.error(`${shown(failure)}\n\nnpm failed.`);
  const isInstalledNow = options.install && failure === undefined;
  console.log(
    isInstalledNow
      ? '\nDone.'
      : `\nAll is written, but nothing is installed. That needs npm's registry:\n  ${INSTALL_COMMAND}`,
  );
  console.log(nextSteps(plan.choices, siteIn(projectIn(root).read, plan.choices)));
  return failure === undefined ? 0 : 1;
}

/** `*.local` files in the folder other than the unchanged ones of init. They may hold real secrets. */
function ownLocalFiles(root: string): readonly string[] {
  const folder = path.join(root, FOLDER);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const { read } = projectIn(root);
  const isAsWritten = (name: string) =>
    name in EMULATOR_FILES && read(`${FOLDER}/${name}`) === EMULATOR_FILES[name];
  return names.filter((name) => name.endsWith('.local') && !isAsWritten(name));
}

async function remove(root: string, plan: Plan, options: AdoptOptions): Promise<number> {
  const local = ownLocalFiles(root);
  // While local files stay, .gitignore has to stay too: otherwise `git add` would commit their secrets.
  const isKept = (file: string) => local.length > 0 && file === `${FOLDER}/.gitignore`;
  const edits = plan.edits.filter((edit) => !isKept(edit.path));
  refuseOutside(root, writtenFiles(plan));
  console.log(describeEdits(edits));
  console.log(`\n${summaryOf(edits)}`);
  await confirm('Take all of this out?', options.yes);
  const folder = path.join(root, FOLDER);
  // npm makes these again; the record, which the edits delete last, says that they are ours.
  for (const name of ['node_modules', 'package-lock.json']) {
    rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  removePacked(root);
  for (const name of Object.keys(EMULATOR_FILES)) {
    if (!local.includes(name)) rmSync(path.join(folder, name), { force: true });
  }
  await carryOutEdits(root, edits);
  const names = functionsOf(plan.choices.features).map((name) => deployedName(name, plan.choices));
  const left = existsSync(folder) ? readdirSync(folder) : [];
  if (left.length > 0) {
    console.log(
      `\n${FOLDER}/ still has what init did not write: ${left.map(printable).join(', ')}`,
    );
  }
  if (local.length > 0) {
    console.log(
      `${local.map(printable).join(', ')} may hold secrets of yours: delete what you do not need. Until then, ` +
        `${FOLDER}/.gitignore stays, so that Git ignores them.`,
    );
  }
  console.log(
    '\nTaken out. What is deployed stays until you delete it: npx firebase-tools functions:delete ' +
      `${names.join(' ')} --region ${DEFAULT_REGION}`,
  );
  return 0;
}

/**
 * Adds the bridge to a Firebase project, brings it up to date, or takes it out again.
 *
 * @returns the exit code
 * @throws UsageError
 */
export async function carryOutAdoption(task: AdoptTask, options: AdoptOptions): Promise<number> {
  // npm starts scripts in the folder of their package.json, and says where it was called.
  const root = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), task.folder);
  const template = readTemplate();
  const environment: Environment = {
    project: projectIn(root),
    ...{ template, judge: judgeProject, now: Date.now() },
  };
  if (task.name === 'remove') {
    const plan = planRemove(environment);
    return printRefusals(plan) ? 1 : remove(root, plan, options);
  }
  const { version } = template.manifest;
  const written = readRecord(environment.project.read);
  if (task.name === 'update' && written === undefined) {
    throw new UsageError(`${root} has no ${FOLDER}/ that init has written: run init`);
  }
  if (task.name === 'init' && !task.check && written && written.version !== version) {
    throw new UsageError(`${root} has version ${written.version} of the bridge: run update`);
  }
  const present = written?.version === version ? packedIn(root, written) : undefined;
  const isPresentEnough = task.name === 'init' && options.packed === undefined;
  if (task.name === 'init' && task.check) {
    if (!written) {
      console.log('The bridge is not in this project: run init');
      return 1;
    }
    const plan = planInstall(task.asked, present ?? written.packed, environment);
    return check(root, plan, {
      packed: present,
      remedy: written.version === version ? 'init' : 'update',
    });
  }
  const packed = (isPresentEnough ? present : undefined) ?? pack(options.packed, version);
  const asked = await askForSite(task.asked, environment.project.read, written !== undefined);
  const plan = planInstall(asked, packed, environment);
  return printRefusals(plan) ? 1 : write(root, plan, packed, options);
}
