import { posix } from 'node:path';
import type { JSONPath } from 'jsonc-parser';
import { z } from 'zod';
import { faultOfJsonc, parseJsonc } from '../../parse-json';
import type { ReadText, Refusal } from './project';

/*
 * What a firebase.json says about the parts that are merged. Each may be an object, or an array with one
 * for each site, bucket or database.
 */

/** The paths that a rewrite or a redirect is about. */
export const pattern = {
  source: z.string().optional(),
  glob: z.string().optional(),
  regex: z.string().optional(),
};
const shapeOfPattern = z.object(pattern);
export type Pattern = z.infer<typeof shapeOfPattern>;

/**
 * The paths of a redirect. Its `:name` stands for a segment and `:name*` for the rest, which globs of
 * rewrites do not have. https://firebase.google.com/docs/hosting/full-config#redirects
 */
export const pathsOfRedirect = ({ source, glob = source, regex }: Pattern): Pattern => ({
  glob: glob?.replace(/:\w+\*/g, '**').replace(/:\w+/g, '*'),
  regex,
});

const rewrite = z.object({
  ...pattern,
  function: z.union([z.string(), z.object({ functionId: z.string() })]).optional(),
});
export type TheirRewrite = z.infer<typeof rewrite>;

const site = z.object({
  target: z.string().optional(),
  site: z.string().optional(),
  public: z.string().optional(),
  source: z.string().optional(),
  redirects: z.array(shapeOfPattern).default([]),
  rewrites: z.array(rewrite).default([]),
});
export type Site = z.infer<typeof site>;

const codebase = z.object({
  source: z.string().optional(),
  remoteSource: z.unknown().optional(),
  codebase: z.string().optional(),
  prefix: z.string().optional(),
  kit: z.string().optional(),
});
/** `./firestore.rules` is `firestore.rules`. */
const file = z
  .string()
  .transform((name) => posix.normalize(name))
  .optional();
const firestore = z.object({ database: z.string().optional(), rules: file, indexes: file });
const ruled = z.object({ rules: file });

const oneOrMore = <T extends z.ZodType>(of: T) => z.union([z.array(of), of]).optional();
const shape = z.object({
  functions: oneOrMore(codebase),
  hosting: oneOrMore(site),
  firestore: oneOrMore(firestore),
  storage: oneOrMore(ruled),
  database: oneOrMore(ruled),
  emulators: z.record(z.string(), z.unknown()).optional(),
});
export type FirebaseJson = z.infer<typeof shape>;

export const FIREBASE_JSON = 'firebase.json';

/** Undefined: not as the Firebase CLI takes it. */
export function readFirebaseJson(text: string): FirebaseJson | undefined {
  return shape.safeParse(parseJsonc(text)).data;
}

/** Why a text is not as the Firebase CLI takes it, by line or property. */
export function faultOfFirebaseJson(text: string): string {
  const fault = faultOfJsonc(text);
  if (fault !== undefined) return `it is malformed, ${fault}`;
  const [issue] = shape.safeParse(parseJsonc(text)).error?.issues ?? [];
  return `it is not as the Firebase CLI takes it: ${issue?.path.join('.') ?? ''}`;
}

export const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  // A type guard of Array.isArray knows no readonly arrays.
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** One of the objects of a part, and where it is. */
export interface Found<T> {
  readonly at: JSONPath;
  readonly value: T;
}

function pick<T>(
  part: string,
  value: T | readonly T[] | undefined,
  isWanted: (each: T) => boolean,
): readonly Found<T>[] {
  return listOf(value).flatMap((each, index) =>
    isWanted(each) ? [{ at: Array.isArray(value) ? [part, index] : [part], value: each }] : [],
  );
}

/** What the Firebase CLI calls a site, in `hosting:<name>`; undefined: the project's default site. */
export const nameOfSite = ({ target, site: id }: Site): string | undefined => target ?? id;

export const siteNames = ({ hosting }: FirebaseJson): readonly string[] =>
  listOf(hosting).map((each) => nameOfSite(each) ?? '(without a name)');

/** The site that gets the rewrites; undefined: the project has no Hosting. */
export function findSite(
  json: FirebaseJson,
  target: string | undefined,
): Found<Site> | Refusal | undefined {
  const sites = pick('hosting', json.hosting, () => true);
  const named = sites.filter(({ value }) => target === value.target || target === value.site);
  const [only, another] = target === undefined ? sites : named;
  if (sites.length === 0 || (only && !another)) return only;
  const names = siteNames(json).join(', ');
  return {
    place: FIREBASE_JSON,
    why:
      target === undefined
        ? `it has several Hosting sites: ${names}`
        : `it has ${only ? 'several sites' : 'no site'} named ${target}, but ${names}`,
    instead: 'Name the site that leads to the bridge: --target <name>',
  };
}

/** The site of a project that `init` has accepted; undefined: it has no Hosting. */
export function siteIn(read: ReadText, { target }: { readonly target?: string | undefined }) {
  const json = readFirebaseJson(read(FIREBASE_JSON) ?? '');
  const found = json && findSite(json, target);
  return found && 'value' in found ? found.value : undefined;
}

/** The database that the bridge uses; undefined: the project's rules are not in this folder. */
export function findFirestore({ firestore: value }: FirebaseJson) {
  return pick('firestore', value, ({ database = '(default)' }) => database === '(default)')[0];
}

/** The bucket or the database instance; undefined: not in this folder. */
export function findRuled(
  part: 'storage' | 'database',
  json: FirebaseJson,
): Found<z.infer<typeof ruled>> | Refusal | undefined {
  const [only, another] = pick(part, json[part], () => true);
  if (!another) return only;
  return {
    place: FIREBASE_JSON,
    why: `it has several entries in "${part}", and cannot say which of them the app uses`,
  };
}
