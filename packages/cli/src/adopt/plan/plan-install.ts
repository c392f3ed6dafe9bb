import {
  choices as shapeOfChoices,
  type Choices,
  FEATURES,
  functionsOf,
  rewritesOf,
} from '../wanted/choices';
import { FIREBASE_JSON, type FirebaseJson, findSite, listOf } from '../project/firebase-json';
import { mergeFile, type MergedFile } from '../merge/merge-file';
import { takenNames } from '../project/names';
import { ofKind, type Piece } from '../merge/pieces';
import {
  type Asked,
  DEFAULTS,
  type Environment,
  filesOf,
  isChange,
  isInFolder,
  oursFor,
  type Packed,
  type Plan,
  readProject,
  refused,
} from './plan';
import { type Edit, FOLDER, isInside, type Project, type Refusal } from '../project/project';
import { recordEdits } from './record-edits';
import { backupOf, type Written } from './record';
import { placeOf } from './rewrites';
import { EMULATED_LOGIN, type Wanted, wantedPieces } from '../wanted/wanted';

function choose(
  asked: Asked,
  { project }: Environment,
  json: FirebaseJson,
  last: Choices | undefined,
): Choices {
  const { features, prefix, target, skipped, acceptedRules } = { ...DEFAULTS, ...last };
  const chosen = FEATURES.filter((feature) => (asked.features ?? features).includes(feature));
  const isTaken = () => takenNames(json, project, functionsOf(chosen)).length > 0;
  return shapeOfChoices.parse({
    features: chosen,
    prefix: asked.prefix ?? prefix,
    target: asked.target ?? target,
    // Also later, when more functions come.
    group: (asked.group ?? last?.group === true) || isTaken(),
    skipped: asked.skipped ?? skipped,
    acceptedRules,
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

/** Paths of firebase.json that lead out of the project. */
const outside = (pieces: readonly Piece[]): readonly Refusal[] =>
  filesOf(pieces)
    .filter((file) => !isInside(file))
    .map((file) => ({
      place: FIREBASE_JSON,
      why: `${file} is not inside of this folder, with "/" between folders`,
    }));

/** A file without ours in it, if that is known. */
function beforeOf(
  { read }: Project,
  written: Written | undefined,
  file: string,
): string | undefined {
  const known = written?.after[file];
  if (!known) return read(file);
  return known.existed ? read(backupOf(file)) : '{}';
}

/** The files as they are going to be. firebase.json, which makes the rest count, comes last. */
function fileEdits({ read }: Project, merged: ReadonlyMap<string, MergedFile>): readonly Edit[] {
  const order = (file: string) => (file === FIREBASE_JSON ? 2 : isInFolder(file) ? 0 : 1);
  return [...merged]
    .map(([path, { text }]) => ({ path, before: read(path), after: text }))
    .toSorted((a, b) => order(a.path) - order(b.path));
}

/** The index of the first of our rewrites. */
function placeOfRewrites(
  { site, choices }: { readonly site: ReturnType<typeof findSite>; readonly choices: Choices },
  base: readonly Piece[],
): number | Refusal {
  if (!site || 'why' in site || choices.skipped.includes('hosting')) return 0;
  const last = ofKind(base, 'item').filter(({ container }) => container === 'rewrites');
  const values = last.map(({ value }) => value);
  return placeOf(site.value, rewritesOf(choices), values);
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
  const isLoginOurs = ofKind(base, 'property').some(({ path }) => path[0] === EMULATED_LOGIN[0]);
  const wanted: Wanted = wantedPieces(template, choices, json, {
    site: site?.value,
    packedFile: packed.file,
    emulatesLogin: json.emulators?.['auth'] === undefined || isLoginOurs,
  });
  const escaping = outside(wanted.pieces);
  if (escaping.length > 0) return refused(...escaping);

  const place = placeOfRewrites({ site, choices }, base);
  const context = {
    site,
    place: typeof place === 'number' ? place : 0,
    ...oursFor(template, choices.features),
  };
  const merged = new Map<string, MergedFile>();
  for (const file of filesOf([...wanted.pieces, ...base])) {
    const of = (pieces: readonly Piece[]) => pieces.filter((piece) => piece.file === file);
    const current = project.read(file);
    const before = beforeOf(project, written, file);
    const sides = { file, current, before, base: of(base), wanted: of(wanted.pieces) };
    merged.set(file, mergeFile(sides, context));
  }
  const isRefused = (file: string) => (merged.get(file)?.refusals.length ?? 0) > 0;
  const judgements = judge(
    json,
    (file) => ({
      text: merged.get(file)?.text ?? project.read(file),
      isMerged: (merged.get(file)?.pieces.length ?? 0) > 0 && !isRefused(file),
      isRefused: isRefused(file),
    }),
    { choices, now, acceptsOpenRules: asked.acceptsOpenRules },
  );
  const { version } = template.manifest;
  const { file, integrity } = packed;
  // Drops what is no longer found, so that it is refused if it comes back.
  const accepted = judgements.flatMap(({ isWarning, id }) => (isWarning ? [id] : []));
  const settled: Choices = { ...choices, acceptedRules: accepted };
  const next = { version, choices: settled, packed: { file, integrity } };
  const [first, last] = recordEdits(project.read, written, next, merged);
  return {
    edits: [...first, ...fileEdits(project, merged), ...last].filter(isChange),
    refusals: [
      ...(typeof place === 'number' ? [] : [place]),
      ...wanted.refusals,
      ...[...merged.values()].flatMap((each) => each.refusals),
      ...judgements.filter(({ isWarning }) => !isWarning),
    ],
    notes: [
      ...wanted.notes,
      ...judgements.flatMap(({ isWarning, place: at, why }) =>
        isWarning ? [`${at}: ${why}`] : [],
      ),
    ],
    choices: settled,
  };
}
