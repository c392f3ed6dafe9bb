import {
  choices as shapeOfChoices,
  type Choices,
  FEATURES,
  functionsOf,
  rewritesOf,
} from './choices';
import {
  FIREBASE_JSON,
  type FirebaseJson,
  findSite,
  listOf,
  readFirebaseJson,
} from './firebase-json';
import type { judgeProject } from './judge-project';
import { type Context, mergeFile, type MergedFile } from './merge-file';
import { takenNames } from './names';
import { ofKind, type Piece } from './pieces';
import { type Edit, FOLDER, type Project, RECORD_FILE, type Refusal } from './project';
import { backupOf, hashOf, printRecord, readRecord, type Written } from './record';
import { placeOf } from './rewrites';
import type { Template } from './template';
import { EMULATED_LOGIN, wantedPieces } from './wanted';

/** What was typed. Undefined: as the last time, or the default. */
export type Asked = { readonly [K in keyof Choices]?: Choices[K] | undefined };

/** The packed file that the codebase will have. */
export interface Packed {
  readonly file: string;
  /** Like `integrity` in a lockfile. */
  readonly integrity: string;
}

export interface Plan {
  /** In the order in which they are to be written: after a crash, the same command finishes it. */
  readonly edits: readonly Edit[];
  /** If there are any, nothing is to be written. */
  readonly refusals: readonly Refusal[];
  readonly notes: readonly string[];
  readonly choices: Choices;
  /** The packed file of another version. */
  readonly outdated: string | undefined;
}

export interface Environment {
  readonly project: Project;
  readonly template: Template;
  readonly judge: typeof judgeProject;
  /** Epoch ms; rules are judged as of then. */
  readonly now: number;
}

const DEFAULTS: Choices = { features: [], prefix: '', group: false, skipped: [] };

const refused = (...refusals: readonly Refusal[]): Plan => ({
  ...{ edits: [], refusals, notes: [], choices: DEFAULTS, outdated: undefined },
});

const filesOf = (pieces: readonly Piece[]): string[] => [
  ...new Set(pieces.map(({ file }) => file)),
];
const isInFolder = (file: string): boolean => file.startsWith(`${FOLDER}/`);
const isChange = ({ before, after }: Edit): boolean => before !== after;

function choose(
  asked: Asked,
  { project }: Environment,
  json: FirebaseJson,
  last: Choices | undefined,
): Choices {
  const { features, prefix, target, skipped } = { ...DEFAULTS, ...last };
  const chosen = FEATURES.filter((feature) => (asked.features ?? features).includes(feature));
  const isTaken = () => takenNames(json, project, functionsOf(chosen)).length > 0;
  return shapeOfChoices.parse({
    features: chosen,
    prefix: asked.prefix ?? prefix,
    target: asked.target ?? target,
    // Also later, when more functions come.
    group: asked.group ?? (last?.group === true || isTaken()),
    skipped: asked.skipped ?? skipped,
  });
}

/** Somebody's own installation, or the rest of one. */
function occupied({ read }: Project, json: FirebaseJson): Refusal | undefined {
  const inside = ['package.json', 'index.js', 'index.ts', 'src/index.ts'].find(
    (name) => read(`${FOLDER}/${name}`) !== undefined,
  );
  const isCodebase = listOf(json.functions).some(({ codebase }) => codebase === FOLDER);
  if (!isCodebase && inside === undefined) return undefined;
  return {
    place: isCodebase ? FIREBASE_JSON : `${FOLDER}/${inside ?? ''}`,
    why: isCodebase ? `it has a codebase ${FOLDER} already` : 'it is there already',
    instead:
      'If it is a bridge that was installed by hand, take out the codebase, its rewrites and its rules; ' +
      'then run this again',
  };
}

/** firebase.json and what was written the last time, or why they cannot be worked with. */
function readProject({ project }: Environment) {
  const text = project.read(FIREBASE_JSON);
  if (text === undefined) {
    return { place: FIREBASE_JSON, why: 'there is none', instead: 'npx firebase-tools init' };
  }
  const json = readFirebaseJson(text);
  if (!json) return { place: FIREBASE_JSON, why: 'it is malformed' };
  const written = readRecord(project.read);
  if (written !== null) return { json, written };
  return { place: RECORD_FILE, why: 'it is damaged', instead: `git checkout -- ${RECORD_FILE}` };
}

/** Paths of firebase.json that lead out of the project. */
const outside = (pieces: readonly Piece[]): readonly Refusal[] =>
  filesOf(pieces)
    .filter((file) => /^([\\/]|[A-Za-z]:)/.test(file) || file.split(/[\\/]/).includes('..'))
    .map((file) => ({ place: FIREBASE_JSON, why: `${file} is not inside of this folder` }));

/** The record for the next time, and copies of files as they were before ours. */
function recordEdits(
  { read }: Project,
  last: Written | undefined,
  next: Omit<Written, 'after' | 'pieces'>,
  merged: ReadonlyMap<string, MergedFile>,
): readonly Edit[] {
  const after: Record<string, Written['after'][string]> = {};
  const backups: Edit[] = [];
  for (const [file, { text }] of merged) {
    if (isInFolder(file)) continue;
    const current = read(file);
    const isFirst = !last?.pieces.some((piece) => piece.file === file);
    const known = last?.after[file];
    const backup = read(backupOf(file));
    // Also if a crash came between the copy and the file.
    const isBackedUp = known?.sha256 === hashOf(current) || backup === current;
    if (isFirst) backups.push({ path: backupOf(file), before: backup, after: current });
    if (isFirst) after[file] = { sha256: hashOf(text), existed: current !== undefined };
    else if (known && isBackedUp) after[file] = { ...known, sha256: hashOf(text) };
    else if (known) after[file] = { ...known, sha256: text === current ? known.sha256 : 'changed' };
  }
  const pieces = [...merged.values()].flatMap((each) => each.pieces);
  const record = printRecord({ ...next, pieces, after });
  return [...backups, { path: RECORD_FILE, before: read(RECORD_FILE), after: record }];
}

/** What `init` and `update` write. */
export function planInstall(asked: Asked, packed: Packed, environment: Environment): Plan {
  const { project, template, judge, now } = environment;
  const found = readProject(environment);
  if (!('json' in found)) return refused(found);
  const { json, written } = found;
  const occupant = written ? undefined : occupied(project, json);
  if (occupant) return refused(occupant);

  const choices = choose(asked, environment, json, written?.choices);
  if (written && written.choices.target !== choices.target) {
    return refused({
      place: FIREBASE_JSON,
      why: `the bridge is in ${written.choices.target ?? 'its only site'} already`,
      instead: 'Take it out (remove), then add it to the other site',
    });
  }
  const site = findSite(json, choices.target);
  if (site && 'why' in site) return refused(site);
  const base = written?.pieces ?? [];
  const hasLogin = json.emulators?.['auth'] !== undefined;
  const isLoginOurs = ofKind(base, 'property').some(({ path }) => path[0] === EMULATED_LOGIN[0]);
  const wanted = wantedPieces(template, choices, json, {
    site: site?.value,
    packedFile: packed.file,
    emulatesLogin: !hasLogin || isLoginOurs,
  });
  const escaping = outside(wanted.pieces);
  if (escaping.length > 0) return refused(...escaping);

  const isHosted = site !== undefined && !choices.skipped.includes('hosting');
  const last = ofKind(base, 'item').filter(({ container }) => container === 'rewrites');
  const place = isHosted
    ? placeOf(
        site.value,
        rewritesOf(choices),
        last.map(({ value }) => value),
      )
    : 0;
  const context: Context = {
    site,
    place: typeof place === 'number' ? place : 0,
    rules: {
      firestore: template.files['firestore.rules'],
      storage: template.files['storage.rules'],
    },
  };
  const merged = new Map<string, MergedFile>();
  for (const file of filesOf([...wanted.pieces, ...base])) {
    const of = (pieces: readonly Piece[]) => pieces.filter((piece) => piece.file === file);
    const before = base.length > 0 ? project.read(backupOf(file)) : project.read(file);
    const sides = { file, current: project.read(file), before, base: of(base) };
    merged.set(file, mergeFile({ ...sides, wanted: of(wanted.pieces) }, context));
  }
  const isRefused = (file: string) => (merged.get(file)?.refusals.length ?? 0) > 0;
  const judgements = judge(
    json,
    (file) => ({
      text: merged.get(file)?.text ?? project.read(file),
      isMerged: (merged.get(file)?.pieces.length ?? 0) > 0 && !isRefused(file),
      isRefused: isRefused(file),
    }),
    now,
  );
  const refusals = [
    ...(typeof place === 'number' ? [] : [place]),
    ...wanted.refusals,
    ...[...merged.values()].flatMap((each) => each.refusals),
    ...judgements.filter(({ isWarning }) => !isWarning),
  ];
  const files = [...merged].map(([path, { text }]) => ({
    ...{ path, before: project.read(path), after: text },
  }));
  const { version } = template.manifest;
  const { file, integrity } = packed;
  return {
    // firebase.json, which makes the rest count, comes last.
    edits: [
      ...recordEdits(project, written, { version, choices, packed: { file, integrity } }, merged),
      ...files.filter(({ path }) => isInFolder(path)),
      ...files.filter(({ path }) => !isInFolder(path) && path !== FIREBASE_JSON),
      ...files.filter(({ path }) => path === FIREBASE_JSON),
    ].filter(isChange),
    refusals,
    notes: [
      ...wanted.notes,
      ...judgements.flatMap(({ isWarning, place: at, why }) =>
        isWarning ? [`${at}: ${why}`] : [],
      ),
    ],
    choices,
    outdated: written && written.packed.file !== packed.file ? written.packed.file : undefined,
  };
}

/** What `remove` writes: the project without all that `init` added. */
export function planRemove(environment: Environment): Plan {
  const { project, template } = environment;
  const found = readProject(environment);
  if (!('json' in found)) return refused(found);
  const { json, written } = found;
  if (!written) {
    return refused({ place: FOLDER, why: 'it is not there: nothing was added by init' });
  }
  const { pieces, after, choices, packed } = written;
  const site = findSite(json, choices.target);
  const context: Context = {
    site: site && 'at' in site ? site : undefined,
    place: 0,
    rules: {
      firestore: template.files['firestore.rules'],
      storage: template.files['storage.rules'],
    },
  };
  const refusals: Refusal[] = [];
  const theirs = filesOf(pieces)
    .filter((file) => !isInFolder(file))
    .map((file): Edit => {
      const current = project.read(file);
      const backup = project.read(backupOf(file));
      const known = after[file];
      const isCopied = known?.existed === (backup !== undefined);
      if (isCopied && known?.sha256 === hashOf(current)) {
        return { path: file, before: current, after: backup };
      }
      if (current === undefined) return { path: file, before: current, after: current };
      const base = pieces.filter((piece) => piece.file === file);
      // A file of ours has become theirs if there is more in it.
      const before = known?.existed === false ? '{}' : backup;
      const merged = mergeFile({ file, current, before, base, wanted: [] }, context);
      refusals.push(...merged.refusals);
      const isEmpty = known?.existed === false && merged.text?.replace(/\s/g, '') === '{}';
      return { path: file, before: current, after: isEmpty ? undefined : merged.text };
    });
  const ours = [
    ...filesOf(pieces).filter(isInFolder),
    ...filesOf(pieces).map(backupOf),
    // Until it is gone, the same command finishes the work.
    RECORD_FILE,
  ].map((file): Edit => ({ path: file, before: project.read(file), after: undefined }));
  return {
    edits: [...theirs, ...ours].filter(isChange),
    refusals,
    notes: [],
    choices,
    outdated: packed.file,
  };
}
