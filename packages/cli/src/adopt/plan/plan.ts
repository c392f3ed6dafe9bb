import { type Choices, placesOf } from '../wanted/choices';
import { faultOfFirebaseJson, FIREBASE_JSON, readFirebaseJson } from '../project/firebase-json';
import type { judgeProject } from '../judge/judge-project';
import type { Context } from '../merge/merge-file';
import type { Piece } from '../merge/pieces';
import { ourRules } from '../merge/rules-file';
import { type Edit, FOLDER, type Project, RECORD_FILE, type Refusal } from '../project/project';
import { readRecord } from './record';
import type { Template } from '../wanted/template';

/** What was typed. Undefined: as the last time, or the default. */
export type Asked = {
  readonly [K in Exclude<keyof Choices, 'acceptedRules'>]?: Choices[K] | undefined;
} & {
  /** Whether to accept all rules of parts that are merged by hand, as they are now. */
  readonly acceptsOpenRules?: boolean | undefined;
};

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
}

export interface Environment {
  readonly project: Project;
  readonly template: Template;
  readonly judge: typeof judgeProject;
  /** Epoch ms; rules are judged as of then. */
  readonly now: number;
}

export const DEFAULTS: Choices = {
  features: [],
  prefix: '',
  group: false,
  skipped: [],
  acceptedRules: [],
};

export const refused = (...refusals: readonly Refusal[]): Plan => ({
  edits: [],
  refusals,
  notes: [],
  choices: DEFAULTS,
});

export const filesOf = (pieces: readonly Piece[]): string[] => [
  ...new Set(pieces.map(({ file }) => file)),
];
export const isInFolder = (file: string): boolean => file.startsWith(`${FOLDER}/`);
export const isChange = ({ before, after }: Edit): boolean => before !== after;

/** firebase.json and what was written the last time, or why they cannot be worked with. */
export function readProject({ project }: Environment) {
  const text = project.read(FIREBASE_JSON);
  if (text === undefined) {
    const parent = ['..', '../..'].find(
      (up) => project.read(`${up}/${FIREBASE_JSON}`) !== undefined,
    );
    const instead = parent ? `It is in ${parent}: run this there` : 'npx firebase-tools init';
    return { place: FIREBASE_JSON, why: 'there is none', instead };
  }
  const json = readFirebaseJson(text);
  if (!json) return { place: FIREBASE_JSON, why: faultOfFirebaseJson(text) };
  const written = readRecord(project.read);
  if (written !== null) return { json, written };
  return { place: RECORD_FILE, why: 'it is damaged', instead: `git checkout -- ${RECORD_FILE}` };
}

/** What merging has to know of these features. */
export const oursFor = (
  { files }: Template,
  features: Choices['features'],
): Pick<Context, 'rules' | 'places'> => ({
  rules: {
    firestore: ourRules(files['firestore.rules'], features),
    storage: ourRules(files['storage.rules'], features),
  },
  places: {
    firestore: placesOf('firestore', features),
    storage: placesOf('storage', features),
  },
});
