import { requireOfFirebaseCli } from '@tiki-bridge/testing/emulators/firebase-cli';
import { z } from 'zod';
import {
  AUTH_PATHS,
  BACKEND_PATHS,
  functionName,
  GATEWAY_PATHS,
  PAYMENT_PATHS,
  SESSION_PATHS,
} from '../../../../../functions/src/operator';
import { pathsOfRedirect, pattern } from '../../adopt/project/firebase-json';
import { withFirebaseCli } from '../../firebase-cli';
import { parseJsonc } from '../../parse-json';
import { defineCheck } from '../check';
import { deploy } from '../commands';
import type { Subject } from '../facts';
import { failed, ok } from '../finding';
import type { FunctionId } from '../google/function-shape';
import { pathPrefixOf, readProjectParameters } from '../parameters';

const rewrite = z.object({
  ...pattern,
  destination: z.string().optional(),
  function: z
    .union([
      z.string().transform((functionId) => ({ functionId, region: undefined })),
      z.object({ functionId: z.string(), region: z.string().optional() }),
    ])
    .optional(),
  run: z.object({ serviceId: z.string(), region: z.string().optional() }).optional(),
});
type Rewrite = z.output<typeof rewrite>;

const site = z.object({
  redirects: z.array(z.object(pattern)).default([]),
  rewrites: z.array(rewrite).default([]),
});
type Site = z.output<typeof site>;
const firebaseJson = z.object({
  hosting: z.union([z.array(site), site.transform((only) => [only])]),
});

/** The part of superstatic, the Firebase CLI's own server, that is used here. It has no types. */
interface Patterns {
  readonly configMatcher: (path: string, config: object) => boolean;
}

/** By the rules of Hosting: globs, or regular expressions. */
function matcher(): Patterns['configMatcher'] {
  const load = () => requireOfFirebaseCli()('superstatic/lib/utils/patterns') as Patterns;
  return withFirebaseCli(load).configMatcher;
}

/** A path below a source such as `/firestore/**`. */
const sampleOf = (source: string) => source.replace('**', 'v1/some/thing');

type Lead = readonly [FunctionId, string];

const ROUTES: readonly Lead[] = [
  ...AUTH_PATHS.map((source) => ['auth', source] as const),
  ...GATEWAY_PATHS.map((source) => ['gateway', source] as const),
];
const SESSION_ROUTES = SESSION_PATHS.map((source) => ['sessions', source] as const);
const BACKEND_ROUTES = BACKEND_PATHS.map((source) => ['backend', source] as const);
const PAYMENT_ROUTES = PAYMENT_PATHS.map((source) => ['payments', source] as const);

function targetOf({ function: to, run, destination }: Rewrite): {
  readonly id: string;
  readonly region?: string | undefined;
} {
  if (to) return { id: to.functionId, region: to.region };
  if (run) return { id: run.serviceId, region: run.region };
  return { id: destination ?? 'nothing' };
}

/** What is wrong with the routes of a site, one sentence each. The first rewrite that matches counts. */
function faultsOf(
  { redirects, rewrites }: Site,
  routes: readonly Lead[],
  { region, deployed }: Subject,
  prefix: string,
): string[] {
  const matches = matcher();
  return routes.flatMap(([name, route]) => {
    const id = functionName(name, deployed);
    // Tini Console looks for its file at the root.
    const source = route.startsWith('/tiki-validation-code/') ? route : prefix + route;
    const path = sampleOf(source);
    if (redirects.some((redirect) => matches(path, pathsOfRedirect(redirect)))) {
      return [`${source} is redirected`];
    }
    const found = rewrites.find((each) => matches(path, each));
    if (!found) return [`${source} is not rewritten`];
    const to = targetOf(found);
    if (to.id !== id) return [`${source} goes to ${to.id} instead of ${id}`];
    return to.region === undefined || to.region === region
      ? []
      : [`${source} goes to ${to.region}, but the function is in ${region}`];
  });
}

/** What the next deployment of Hosting makes of the routes; "Hosting" asks the domain. */
export const hostingRoutes = defineCheck({
  name: 'hosting-routes',
  title: 'Hosting routes',
  area: 'Way in',
  needs: ['subject'],
  look: (world, { subject, reach, sessions, backend, payments }) => {
    if (reach === 'load-balancer') return ok('not needed: a load balancer leads to the functions');
    const fix =
      '# correct "rewrites" in firebase.json: git diff firebase.json. Then\n' +
      deploy('hosting', subject);
    const parsed = firebaseJson.safeParse(parseJsonc(world.readFile('firebase.json') ?? ''));
    if (!parsed.success) return failed('firebase.json has no "hosting" with rewrites', fix);
    // A project without an optional function may have a firebase.json that is older than it is.
    const { values } = readProjectParameters(world, subject);
    const prefix = pathPrefixOf(world, subject);
    const routes = [
      ...ROUTES,
      ...(sessions || values?.['WEB_ORIGINS'] ? SESSION_ROUTES : []),
      ...(backend || values?.['PRIVATE_BACKEND_URL'] ? BACKEND_ROUTES : []),
      ...(payments || values?.['PAYMENT_PLANS'] ? PAYMENT_ROUTES : []),
    ];
    const faults = parsed.data.hosting.map((each) => faultsOf(each, routes, subject, prefix));
    // Other sites of the project need no way to the functions.
    const [best = []] = faults.sort((a, b) => a.length - b.length);
    return best.length === 0
      ? ok('firebase.json leads every route to its function')
      : failed(`firebase.json: ${best.join('; ')}`, fix);
  },
});
