import { sh } from '../../../../functions/src/operator';
import type { GoogleApi } from '../doctor/google/api';
import type { Subject } from '../doctor/facts';
import { nameOf } from '../project';
import { UsageError } from '../usage-error';
import type { Rollback } from './command';
import { readReleases, releaseVersion, type Release } from './hosting-releases';
import { type Proof, proveLogin } from './proof';
import { readRevisions, type Revision } from './revisions';
import {
  type Move,
  moveFunction,
  moveHosting,
  type SecretChange,
  startOfLast,
} from './rollback-plan';
import { GoogleRefused, readServed, sendTraffic, type Served } from './run-services';
import { signInToGoogle } from './sign-in';
import type { DeployWorld } from './world';

interface Plan {
  readonly before: number;
  readonly site: string;
  /** Where Hosting alone goes back: before the last deployment of functions, epoch ms. */
  readonly beforeFunctions: number | undefined;
  readonly hosting: Move<Release> | undefined;
  readonly functions: readonly { readonly served: Served; readonly move: Move<Revision> }[];
}

/** @throws GoogleRefused */
async function makePlan(google: GoogleApi, rollback: Rollback): Promise<Plan | undefined> {
  const { subject, parts, site, codebase } = rollback;
  const served = parts.includes('functions') ? await readServed(google, subject, codebase) : [];
  const functions: { served: Served; revisions: Revision[] }[] = [];
  for (const one of served)
    functions.push({ served: one, revisions: await readRevisions(google, one) });
  const releases = parts.includes('hosting') ? await readReleases(google, site) : undefined;
  const all = functions.map(({ revisions }) => revisions);
  const before = rollback.before ?? startOfLast(all, releases ?? []);
  if (before === undefined) return undefined;
  const hosting = releases && moveHosting(releases, before);
  const moves = functions.map((one) => ({
    served: one.served,
    move: moveFunction(one.served, one.revisions, before),
  }));
  const isHostingAlone = hosting?.kind === 'to' && moves.every(({ move }) => move.kind === 'stays');
  const earlier = isHostingAlone ? startOfLast(all, []) : undefined;
  const canGoBack = functions.some(
    (one) =>
      earlier !== undefined && moveFunction(one.served, one.revisions, earlier).kind === 'to',
  );
  return {
    ...{ before, site, hosting, functions: moves },
    beforeFunctions: canGoBack ? earlier : undefined,
  };
}

const time = (ms: number): string => new Date(ms).toISOString();

function linesOf(
  { before, beforeFunctions, site, hosting, functions }: Plan,
  projectId: string,
): string[] {
  const line = (name: string, text: string) => `  ${name.padEnd(18)} ${text}`;
  return [
    `To what was deployed before ${time(before)}:`,
    ...(hosting
      ? [
          line(
            `Hosting: ${site}`,
            hosting.kind === 'to'
              ? `${hosting.from} → ${hosting.target.version.split('/').at(-1) ?? ''} (${time(hosting.target.releasedAt)})`
              : `stays: ${hosting.why}`,
          ),
        ]
      : []),
    ...functions.flatMap(({ served, move }) =>
      move.kind === 'to'
        ? [
            line(served.id, `${move.from} → ${move.target.name} (${time(move.target.createdAt)})`),
            ...move.secrets.map(({ secret, from, to }) =>
              line('', `with version ${to} of ${secret} instead of ${from}`),
            ),
          ]
        : [line(served.id, `stays: ${move.why}`)],
    ),
    ...warningsOf(
      functions.flatMap(({ move }) => (move.kind === 'to' ? move.secrets : [])),
      projectId,
    ),
    ...(beforeFunctions === undefined
      ? []
      : [
          'Only Hosting was deployed since then; the functions stay as they are. To go back behind their own ' +
            `last deployment as well: --before ${time(beforeFunctions)}`,
        ]),
  ];
}

/** A rollback after a rotation takes the old secret back. */
function warningsOf(changes: readonly SecretChange[], projectId: string): string[] {
  if (changes.length === 0) return [];
  const versions = new Map(changes.map((change) => [`${change.secret} ${change.to}`, change]));
  return [
    'These versions of secrets are used again. Do not go back to one that has leaked: destroy it first, and',
    'deploy the older code with the new secret. A revision whose version is destroyed does not start.',
    ...[...versions.values()].map(
      ({ secret, to }) =>
        `  ${sh`gcloud secrets versions destroy ${to} --secret ${secret} --project ${projectId}`}`,
    ),
  ];
}

const countOf = ({ hosting, functions }: Plan): number =>
  [hosting, ...functions.map(({ move }) => move)].filter((move) => move?.kind === 'to').length;

/** Whether a function's traffic is fixed to a revision, so that what the Firebase CLI deploys gets none. */
const pinsTraffic = ({ functions }: Plan): boolean =>
  functions.some(({ served, move }) => move.kind === 'to' || served.traffic !== 'latest');

/** @throws UsageError without a yes; nothing has been changed then */
async function confirm({ ask }: DeployWorld, { yes }: Rollback): Promise<void> {
  if (yes) return;
  if (!ask) throw new UsageError('Nothing was changed. To go on, add --yes');
  const answer = await ask('Type yes to go on: ');
  if (answer.trim() !== 'yes') throw new UsageError('Nothing was changed: that was another answer');
}

/** Hosting first: its new rewrites may lead to functions that the older revision is not. @returns failures */
async function carryOutPlan(
  world: DeployWorld,
  google: GoogleApi,
  plan: Plan,
  site: string,
): Promise<string[]> {
  const { hosting, functions } = plan;
  const work = [
    ...(hosting?.kind === 'to'
      ? [{ name: 'Hosting', act: () => releaseVersion(google, site, hosting.target.version) }]
      : []),
    ...functions.flatMap(({ served, move }) =>
      move.kind === 'to'
        ? [
            {
              name: served.id,
              act: () => sendTraffic(world, google, served, { revision: move.target.name }),
            },
          ]
        : [],
    ),
  ];
  const failures: string[] = [];
  for (const { name, act } of work) {
    try {
      await act();
      world.say(`  ✓ ${name}`);
    } catch (error) {
      if (!(error instanceof GoogleRefused)) throw error;
      // The others are rolled back all the same.
      world.say(`  ✗ ${error.message}`);
      failures.push(name);
    }
  }
  return failures;
}

/** Nothing that only the proof needs stands in the way of a rollback. */
async function proveIfPossible(world: DeployWorld, subject: Subject): Promise<Proof> {
  try {
    return await proveLogin(world, subject);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { proven: false, why: error.message };
  }
}

/**
 * Goes back to an earlier deployment.
 *
 * @returns the exit code
 * @throws UsageError
 */
export async function rollBack(world: DeployWorld, rollback: Rollback): Promise<number> {
  const { subject, site } = rollback;
  const google = await signInToGoogle(world, subject.projectId);
  if (!google) return 1;
  let plan: Plan | undefined;
  try {
    plan = await makePlan(google, rollback);
  } catch (error) {
    if (!(error instanceof GoogleRefused)) throw error;
    world.say(`${error.message}. Nothing was changed.`);
    return 1;
  }
  if (!plan) {
    world.say('There is no deployment to go back from. Nothing was changed.');
    return 1;
  }
  for (const line of linesOf(plan, subject.projectId)) world.say(line);
  if (countOf(plan) > 0) {
    await confirm(world, rollback);
    const failures = await carryOutPlan(world, google, plan, site);
    if (failures.length > 0) {
      world.say(`Not rolled back: ${failures.join(', ')}. Run the same command again.`);
      return 1;
    }
  } else world.say('Nothing to change.');
  const proof = await proveIfPossible(world, subject);
  world.say(
    proof.proven
      ? 'A login with a made-up code was refused by Tiki: the chain works.'
      : `Not proven: ${proof.why}\nIf that deployment was bad too, name a time when all was well: --before <time>`,
  );
  world.say(
    'Rules and indexes are as before. If they have to go back as well, from the tag of that version:\n' +
      `  git checkout <tag> && ${sh`npm run deploy -- --only firestore --project ${nameOf(subject)}`}`,
  );
  if (pinsTraffic(plan)) {
    world.say(
      'The functions keep these revisions. Until their traffic moves, what `npx firebase deploy` deploys gets none,\n' +
        'even if a remedy of the doctor or the log suggests it. To move it:\n' +
        `  ${sh`npm run deploy -- --only functions --project ${nameOf(subject)}`}`,
    );
  }
  return proof.proven ? 0 : 1;
}
