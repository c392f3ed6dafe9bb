import { nameOfSite, type Site } from '../adopt/project/firebase-json';
import type { Hosting } from '../bridge-site';

/** What can be deployed. */
export const PARTS = ['functions', 'hosting', 'firestore', 'storage', 'database'] as const;
export type Part = (typeof PARTS)[number];

/** One call of `firebase deploy --only`. */
export interface Step {
  readonly only: string;
  readonly what: string;
  /** What of the project that is. */
  readonly detail?: string;
}

const folderOf = ({ public: files, source }: Site): string => `${files ?? source ?? 'no folder'}/`;

/**
 * The order in which clients of the old and of the new version work at every moment, also if the
 * deployment stops in the middle. New functions need the new indexes for their queries; existing ones
 * are not removed. Functions serve older clients and pages as well. Rewrites of Hosting lead to
 * functions, which have to be there. New rules may rely on what only the new functions write.
 *
 * @param codebase Of the functions in firebase.json. Others of the project are not deployed.
 */
export function stepsFor(
  parts: readonly Part[],
  codebase: string,
  { count, bridge }: Hosting,
): readonly Step[] {
  const has = (part: Part) => parts.includes(part);
  const sites = bridge.map((site) => nameOfSite(site) ?? '');
  const pages = bridge.map((site) => `${nameOfSite(site) ?? 'the site'} from ${folderOf(site)}`);
  const rules = [
    ...(has('firestore') ? ['firestore:rules'] : []),
    ...(has('storage') ? ['storage'] : []),
    ...(has('database') ? ['database'] : []),
  ];
  return [
    ...(has('firestore') ? [{ only: 'firestore:indexes', what: 'indexes' }] : []),
    ...(has('functions') ? [{ only: `functions:${codebase}`, what: 'functions' }] : []),
    ...(has('hosting') && bridge.length > 0
      ? [
          {
            // Other sites of the project are not released.
            only: count === 1 ? 'hosting' : sites.map((site) => `hosting:${site}`).join(),
            ...{ what: 'Hosting', detail: pages.join(', ') },
          },
        ]
      : []),
    ...(rules.length > 0 ? [{ only: rules.join(), what: 'rules', detail: rules.join(', ') }] : []),
  ];
}
