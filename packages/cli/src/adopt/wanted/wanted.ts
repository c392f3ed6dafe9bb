import { parseDatabaseRules } from '@tiki-bridge/rules/engines/targaryen';
import { GROUP } from '../../deployment';
import { type Choices, functionsOf, rewritesOf, sellsPremium } from './choices';
import {
  FIREBASE_JSON,
  type FirebaseJson,
  findFirestore,
  findRuled,
  type Site,
} from '../project/firebase-json';
import { indexesOf, indexPieces, noteOnIndexes } from './indexes';
import type { Piece } from '../merge/pieces';
import { FOLDER, type Refusal } from '../project/project';
import type { RulesService } from '../merge/rules-file';
import type { Template } from './template';

/**
 * What is uploaded, by names: not the record, nor parameters and keys that only this computer needs. The
 * Firebase CLI ignores what a pattern matches, so this one matches everything else.
 */
const IGNORED = [
  '!{index.js,package.json,package-lock.json,tiki-firebase-bridge-*.tgz,plans{,.*}.json}',
];

/**
 * The .gitignore of `firebase init` has `.env` and `*.tgz`, without which nobody else could deploy this
 * folder. The last pattern that matches counts, so those of this computer come last.
 */
const IGNORED_BY_GIT = `# What a deployment from elsewhere needs.
!.env
!.env.*
!tiki-firebase-bridge-*.tgz
!package-lock.json
# What only this computer needs.
node_modules/
*.local
*.log
`;

const CODEBASE = {
  source: FOLDER,
  codebase: FOLDER,
  runtime: 'nodejs24',
  ignore: IGNORED,
};

function entry({ features, group }: Choices): string {
  const names = functionsOf(features).join(', ');
  return (
    `// What of tiki-firebase-bridge this project deploys.\n` +
    `const { ${names} } = require('tiki-firebase-bridge');\n` +
    `module.exports = ${group ? `{ ${GROUP}: { ${names} } }` : `{ ${names} }`};\n`
  );
}

function parameters({ files }: Template, { prefix }: Choices): string {
  const settings = files['functions/.env']
    .split('\n')
    .filter((line) => line !== '' && !/^(# |PATH_PREFIX=)/.test(line));
  return `${HEADING}${settings.join('\n')}\nPATH_PREFIX=${prefix}\n`;
}

const HEADING = `# Parameters of the bridge for all projects. Values of one project go into .env.<project id>, which
# overrides this file: TIKI_CLIENT_KEY=<client key of the Tini App> at least. Secrets do not go into
# files: firebase functions:secrets:set TIKI_CLIENT_SECRET
# Those of features that were not chosen are here too: a deployment that asks nothing refuses a parameter
# without a value.
`;

/** Packages that the Firebase CLI looks for in the codebase, or that would be installed twice. */
const SHARED = ['firebase-admin', 'firebase-functions'];

/** The lowest version of a range, which is the one that this project is tested with. */
const lowest = (range: string): string => /\d+\.\d+\.\d+/.exec(range)?.[0] ?? range;

function manifest({ manifest: packed }: Template, packedFile: string): readonly Piece[] {
  const of = { ...packed.peerDependencies, ...packed.dependencies };
  const dependencies = Object.entries(of).filter(([name]) => SHARED.includes(name));
  const file = `${FOLDER}/package.json`;
  const property = (path: string[], value: string | boolean): Piece => ({
    kind: 'property',
    ...{ file, path, value },
  });
  return [
    property(['name'], FOLDER),
    property(['private'], true),
    property(['main'], 'index.js'),
    property(['engines', 'node'], '24'),
    ...dependencies.map(([name, range]) => property(['dependencies', name], lowest(range))),
    property(['dependencies', 'tiki-firebase-bridge'], `file:./${packedFile}`),
  ];
}

/** The codebase's folder. */
function folder(template: Template, choices: Choices, packedFile: string): readonly Piece[] {
  const text = (name: string, content: string): Piece => ({
    kind: 'text',
    file: `${FOLDER}/${name}`,
    text: content,
  });
  return [
    text('index.js', entry(choices)),
    ...manifest(template, packedFile),
    text('.env', parameters(template, choices)),
    text('.gitignore', IGNORED_BY_GIT),
  ];
}

/**
 * What users keep in the example. A project may trust it, as with `root.child('users').child(auth.uid)` for
 * roles, because none of its users can write there.
 */
const EXAMPLE_NODE = 'users';

function databaseRules(template: Template, file: string): readonly Piece[] {
  const { rules = {} } = parseDatabaseRules(template.files['database.rules.json']);
  return Object.entries(rules)
    .filter(([name]) => name !== EXAMPLE_NODE)
    .map(([name, value]) => ({
      kind: 'property',
      ...{ file, path: ['rules', name], value: value as never },
    }));
}

/** Text of ours is fitted into their file later, which may give functions other names. */
const block = (service: RulesService, file: string): Piece => ({
  kind: 'block',
  ...{ file, service, text: '' },
});

/** Without the emulator of Authentication, a login on the emulators cannot end. */
export const EMULATED_LOGIN = ['emulators', 'auth'] as const;

export interface Wanted {
  readonly pieces: readonly Piece[];
  readonly refusals: readonly Refusal[];
  /** What the developer should know. */
  readonly notes: readonly string[];
}

/** All pieces of a version for a project, with these choices. */
export function wantedPieces(
  template: Template,
  choices: Choices,
  json: FirebaseJson,
  facts: {
    readonly site: Site | undefined;
    readonly packedFile: string;
    readonly emulatesLogin: boolean;
  },
): Wanted {
  const { site, packedFile, emulatesLogin } = facts;
  const pieces: Piece[] = [
    ...folder(template, choices, packedFile),
    { kind: 'item', file: FIREBASE_JSON, container: 'functions', value: CODEBASE },
  ];
  if (emulatesLogin) {
    const [...path] = EMULATED_LOGIN;
    pieces.push({ kind: 'property', file: FIREBASE_JSON, path, value: { port: 9099 } });
  }
  const refusals: Refusal[] = [];
  const notes: string[] = [];
  const isIn = (part: Choices['skipped'][number]) => !choices.skipped.includes(part);

  if (!site) {
    notes.push(
      "No Hosting in firebase.json: the client's baseUrl is the address of the function auth.",
    );
  } else if (isIn('hosting')) {
    for (const value of rewritesOf(choices)) {
      pieces.push({
        kind: 'item',
        file: FIREBASE_JSON,
        container: 'rewrites',
        value: { ...value },
      });
    }
  }
  const firestore = findFirestore(json)?.value;
  if (firestore?.rules === undefined) {
    notes.push('Firestore’s rules are not in firebase.json: they stay as they are.');
  } else if (isIn('firestore')) pieces.push(block('firestore', firestore.rules));
  if (isIn('indexes')) {
    const ours = indexesOf(template, choices);
    if (firestore?.indexes === undefined) notes.push(...noteOnIndexes(ours));
    else pieces.push(...indexPieces(ours, firestore.indexes));
  }
  for (const part of ['storage', 'database'] as const) {
    if (!isIn(part)) continue;
    const found = findRuled(part, json);
    if (found && 'why' in found) {
      refusals.push({ ...found, instead: `Merge the rules by hand, and add --skip ${part}` });
    } else if (found?.value.rules !== undefined) {
      const { rules } = found.value;
      pieces.push(
        ...(part === 'storage' ? [block('storage', rules)] : databaseRules(template, rules)),
      );
    } else if (sellsPremium(choices.features)) {
      notes.push(
        `The rules of "${part}" are not in firebase.json: if you keep premium content there, add them, and ` +
          'run this again.',
      );
    }
  }
  return { pieces, refusals, notes };
}
