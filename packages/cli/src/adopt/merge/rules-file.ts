import { childOf, childrenOf, parseTree, type Node } from '@tiki-bridge/rules-evaluator/grammar';
import { fitLines, indentAt, layoutOf } from './layout';

/** The languages of .rules files. */
export type RulesService = 'firestore' | 'storage';

interface Language {
  readonly service: string;
  /** The path of the `match` that everything is in; undefined: any segment. */
  readonly root: readonly (string | undefined)[];
  readonly empty: string;
}
const LANGUAGES: Readonly<Record<RulesService, Language>> = {
  firestore: {
    service: 'cloud.firestore',
    root: ['databases', undefined, 'documents'],
    empty:
      "rules_version = '2';\n\nservice cloud.firestore {\n" +
      '  match /databases/{database}/documents {\n  }\n}\n',
  },
  storage: {
    service: 'firebase.storage',
    root: ['b', undefined, 'o'],
    empty: "rules_version = '2';\n\nservice firebase.storage {\n  match /b/{bucket}/o {\n  }\n}\n",
  },
};

/** For a file that firebase.json names and that does not exist; it is no file until ours are in it. */
export const emptyRules = (service: RulesService): string => LANGUAGES[service].empty;

/** The place in {@link emptyRules}, which no parser takes. */
export function emptyRoot(service: RulesService): Root {
  const { empty } = LANGUAGES[service];
  const end = empty.lastIndexOf('}', empty.lastIndexOf('}') - 1);
  return { end, wildcard: '$(database)', functions: [], paths: [] };
}

/** What ours go into, and what they meet there. */
export interface Root {
  /** The offset of its closing brace. */
  readonly end: number;
  /** The wildcard of the database or bucket as it is written in a path: `$(database)`. */
  readonly wildcard: string;
  /** Names of functions that ours would meet or hide. */
  readonly functions: readonly string[];
  /** The paths of all matches below it: `['users', '{id}', 'devices', '{device}']`. */
  readonly paths: readonly (readonly string[])[];
}

const statements = (node: Node, type: string): Node[] =>
  childrenOf(node, type).flatMap(({ children }) => children);
const ofType = (nodes: readonly Node[], type: string): Node[] =>
  nodes.filter((node) => node.type === type);
const segmentsOf = (match: Node): readonly string[] =>
  childOf(match, 'PathDecl').children.map(({ text }) => text.slice(1));
const functionsIn = (nodes: readonly Node[]): string[] =>
  ofType(nodes, 'FunctionDeclaration').map((node) => childOf(node, 'LocalFunctionId').text);

/**
 * The `match` that holds all documents or files of a file with `rules_version = '2'`; a string: why there
 * is none.
 */
export function findRoot(text: string, service: RulesService): Root | string {
  try {
    return rootIn(parseTree(text), LANGUAGES[service]);
  } catch (error) {
    return `it is not understood: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The paths of a match and of those inside it. */
function pathsIn(match: Node, outer: readonly string[] = []): readonly (readonly string[])[] {
  const path = [...outer, ...segmentsOf(match)];
  const inside = ofType(statements(match, 'MatchStatement'), 'MatchRuleDeclaration');
  return [path, ...inside.flatMap((each) => pathsIn(each, path))];
}

function rootIn(tree: Node, { service: name, root }: Language): Root | string {
  if (!/^rules_version=['"]2['"];?$/.test(childrenOf(tree, 'VersionStatement')[0]?.text ?? '')) {
    return "it does not begin with rules_version = '2';";
  }
  const top = statements(tree, 'RulesetStatement');
  const services = ofType(top, 'ServiceDeclaration');
  const [only, another] = services;
  if (!only || another || childOf(only, 'ServiceId').text !== name) {
    return `it is not one service ${name}`;
  }
  const inService = statements(only, 'ServiceStatement');
  const isRoot = (segments: readonly string[]) =>
    root.every((segment, index) => segment === undefined || segment === segments[index]);
  const below = ofType(inService, 'MatchRuleDeclaration').filter((match) =>
    isRoot(segmentsOf(match)),
  );
  const found = below.find((match) => segmentsOf(match).length === root.length);
  if (!found) return `it has no match /${root.map((each) => each ?? '{…}').join('/')}`;
  const [, variable = ''] = segmentsOf(found);
  return {
    end: found.end - 1,
    wildcard: variable.startsWith('{') ? `$(${variable.slice(1, -1)})` : variable,
    functions: [
      ...functionsIn(top),
      ...functionsIn(inService),
      ...below.flatMap((match) => functionsIn(statements(match, 'MatchStatement'))),
    ],
    paths: below.flatMap((match) => pathsIn(match)).map((path) => path.slice(root.length)),
  };
}

const BEGIN =
  '// >>> tiki-firebase-bridge: changes in here are kept by "update", and end with "remove"';
const END = '// <<< tiki-firebase-bridge';

/**
 * Functions and matches of our own rules file, with a margin of 0: the sections that are for every project, and
 * those of the chosen features. `// ---- Receipts [payments] ---` is the heading of one.
 */
export function ourRules(text: string, features: readonly string[]): string {
  const [, inside = ''] = /\n {2}match [^\n]* \{\n+([^]*)\n {2}\}\n\}/.exec(text) ?? [];
  const sections = inside.replace(/^ {4}/gm, '').split(/^(?=\/\/ ---- )/m);
  const isWanted = (section: string) => {
    const [, feature] = /^\/\/ ---- .*\[(\w+)\]/.exec(section) ?? [];
    return feature === undefined || features.includes(feature);
  };
  return sections.filter(isWanted).join('').trimEnd();
}

/** Ours with other names for functions that they have too, and their name of the wildcard. */
export function fitRules(ours: string, root: Root): string {
  const names = [...ours.matchAll(/^function (\w+)\(/gm)].map(([, name = '']) => name);
  return names
    .filter((name) => root.functions.includes(name))
    .reduce(
      (text, name) =>
        text.replace(
          new RegExp(String.raw`\b${name}\b`, 'g'),
          `tiki${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        ),
      ours,
    )
    .replaceAll('$(database)', root.wildcard);
}

/** Where ours are in a file: offsets of whole lines with the markers, and of the lines between them. */
export interface Block {
  readonly start: number;
  readonly end: number;
  readonly inside: { readonly start: number; readonly end: number };
}

/** Undefined: there is none. A string: what is wrong with the markers. */
export function findBlock(text: string): Block | string | undefined {
  const [begin, second] = [...text.matchAll(/^[\t ]*\/\/ >>> tiki-firebase-bridge.*(?:\n|$)/gm)];
  const [end, another] = [...text.matchAll(/^[\t ]*\/\/ <<< tiki-firebase-bridge.*(?:\n|$)/gm)];
  if (!begin && !end) return undefined;
  if (!begin || !end || second || another || end.index < begin.index) {
    return 'its lines with >>> and <<< tiki-firebase-bridge are not one pair';
  }
  const [first] = begin;
  return {
    start: begin.index,
    end: end.index + end[0].length,
    inside: { start: begin.index + first.length, end: end.index },
  };
}

/** Adds a block at the end of the root. */
export function insertBlock(text: string, root: Root, lines: string): string {
  const layout = layoutOf(text);
  const { eol, unit } = layout;
  const before = text.slice(0, root.end).replace(/[\t ]+$/, '');
  const outer = indentAt(text, root.end);
  const isOwnLine = before.endsWith('\n');
  const block = fitLines(`${BEGIN}\n${lines}\n${END}`, layout, outer + unit);
  return `${before}${isOwnLine ? '' : eol}${block}${eol}${outer}${text.slice(root.end)}`;
}

/** Ours as they are in the file, for a three-way merge: the lines between the markers. */
export function fitInside(text: string, root: Root, lines: string): string {
  const layout = layoutOf(text);
  return fitLines(lines, layout, indentAt(text, root.end) + layout.unit) + layout.eol;
}
