import { z } from 'zod';
import { type DeployedAs, functionName } from '../../../functions/src/operator';
import {
  FIREBASE_JSON,
  listOf,
  readFirebaseJson,
  type Site,
  type TheirRewrite,
} from './adopt/project/firebase-json';
import { parseJsonc } from './parse-json';
import type { ReadFile } from './project-files';

/** The Hosting sites of firebase.json. */
export interface Hosting {
  /** How many there are. */
  readonly count: number;
  /** Those that lead to the bridge; the only one in any case. */
  readonly bridge: readonly Site[];
}

const functionOf = ({ function: to }: TheirRewrite): string | undefined =>
  typeof to === 'object' ? to.functionId : to;

export function findHosting(readFile: ReadFile, deployed: DeployedAs): Hosting {
  const sites = listOf(readFirebaseJson(readFile(FIREBASE_JSON) ?? '')?.hosting);
  const login = functionName('auth', deployed);
  const leadsToLogin = ({ rewrites }: Site) => rewrites.some((each) => functionOf(each) === login);
  return {
    count: sites.length,
    bridge: sites.length === 1 ? sites : sites.filter(leadsToLogin),
  };
}

const targets = z.object({
  targets: z.record(
    z.string(),
    z.object({ hosting: z.record(z.string(), z.array(z.string())).default({}) }),
  ),
});

/** The id of the site that leads to the bridge, which is in its addresses. Targets are in .firebaserc. */
export function bridgeSiteId(readFile: ReadFile, deployed: DeployedAs, projectId: string): string {
  const [found] = findHosting(readFile, deployed).bridge;
  if (found?.site !== undefined) return found.site;
  const { data } = targets.safeParse(parseJsonc(readFile('.firebaserc') ?? ''));
  const ofProject = data?.targets[projectId]?.hosting ?? {};
  return ofProject[found?.target ?? '']?.[0] ?? projectId;
}
