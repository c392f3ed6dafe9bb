import { z } from 'zod';
import { functionName, sh } from '../../../../functions/src/operator';
import { findHosting } from '../bridge-site';
import { TOOLS } from '../doctor/checks';
import { doctor, enableApi } from '../doctor/commands';
import { examine } from '../doctor/examine';
import type { Subject } from '../doctor/facts';
import type { GoogleApi } from '../doctor/google/api';
import { pathPrefixOf, readProjectParameters } from '../doctor/parameters';
import { parseJsonc } from '../parse-json';
import { nameOf } from '../project';
import type { Deployment } from './command';
import { waitForIndexes } from './indexes';
import { proveLogin } from './proof';
import { GoogleRefused, readServed, sendTraffic } from './run-services';
import { signInToGoogle } from './sign-in';
import { type Part, type Step, stepsFor } from './steps';
import { tiniConsole } from './tini-console';
import type { DeployWorld } from './world';

const BUILD: [string, ...string[]] = ['npm', '--prefix', 'functions', 'run', 'build'];
const TEST: [string, ...string[]] = ['npm', 'test'];

const goBack = (subject: Subject): string =>
  sh`npm run bridge -- rollback --project ${nameOf(subject)}`;

/** Whether this machine and the parameter files are fit for a deployment. Makes no requests. */
async function isReady(world: DeployWorld, subject: Subject): Promise<boolean> {
  const findings = await examine(TOOLS, world, { subject });
  const failed = findings.filter(({ state }) => state === 'failed');
  for (const { check, message, remedy } of failed) {
    world.say(`✗ ${check}: ${message}`);
    if (remedy !== undefined) world.say(remedy);
  }
  const { hasOwn, file } = readProjectParameters(world, subject);
  if (!hasOwn) {
    world.say(
      `✗ there is no ${file}: all parameters would be reset to their defaults. Take it from where the ` +
        'last deployment was made, or start one: docs/deploy.md',
    );
  }
  return failed.length === 0 && hasOwn;
}

/**
 * After a rollback a new revision gets no traffic: Cloud Run keeps the traffic where it was sent.
 *
 * @throws GoogleRefused
 */
async function releaseTraffic(
  world: DeployWorld,
  google: GoogleApi,
  subject: Subject,
): Promise<void> {
  for (const served of await readServed(google, subject, subject.deployed.codebase)) {
    if (served.traffic === 'latest') continue;
    world.say(`${served.id} was rolled back before: its traffic goes to the new revision again`);
    await sendTraffic(world, google, served, 'latest');
  }
}

/** What firebase.json has: the Firebase CLI fails at another part, such as Hosting where there is none. */
function present({ readFile }: DeployWorld, parts: readonly Part[]): readonly Part[] {
  const { data = {} } = z
    .record(z.string(), z.unknown())
    .safeParse(parseJsonc(readFile('firebase.json') ?? '{}'));
  return parts.filter((part) => part === 'functions' || part in data);
}

async function carryOutSteps(
  world: DeployWorld,
  google: GoogleApi,
  { subject, parts, yes }: Deployment,
): Promise<boolean> {
  const done: Step[] = [];
  const stopped = (what: string): false => {
    const before = done.map((step) => step.what).join(', ');
    world.say(
      `Stopped at ${what}${before ? `; deployed before: ${before}` : ''}. Nothing later was touched. ` +
        'Repeat the command when the cause is gone; to go back:',
    );
    world.say(goBack(subject));
    return false;
  };
  const { codebase, installedIn } = subject.deployed;
  const hosting = findHosting(world.readFile, subject.deployed);
  if (parts.includes('hosting') && hosting.count > 1 && hosting.bridge.length === 0) {
    world.say(
      `Hosting is not released: no site of firebase.json leads to ${functionName('auth', subject.deployed)}`,
    );
  }
  for (const step of stepsFor(present(world, parts), codebase, hosting)) {
    world.say(`Deploying ${step.what}${step.detail ? ` (${step.detail})` : ''} …`);
    const code = await world.run([
      // The project may have no Firebase CLI among its packages, and npm a package named firebase.
      ...(['npx', installedIn === undefined ? 'firebase' : 'firebase-tools'] as const),
      ...['deploy', '--only', step.only],
      ...['--project', nameOf(subject)],
      ...(yes || !world.ask ? ['--non-interactive'] : []),
    ]);
    if (code !== 0) return stopped(step.what);
    done.push(step);
    const needsIndexes = step.what === 'indexes' && parts.includes('functions');
    try {
      if (needsIndexes) await waitForIndexes(world, google, subject.projectId);
      if (step.what === 'functions') await releaseTraffic(world, google, subject);
    } catch (error) {
      if (!(error instanceof GoogleRefused)) throw error;
      if (needsIndexes) {
        world.say(`${error.message}.`);
        return stopped('the wait for indexes');
      }
      world.say(`${error.message}. Is the API enabled?`);
      world.say(enableApi('run.googleapis.com', subject.projectId));
      return stopped('the traffic of the functions');
    }
  }
  return true;
}

/**
 * Checks, builds, deploys, and proves the deployment.
 *
 * @returns the exit code
 */
export async function deploy(world: DeployWorld, deployment: Deployment): Promise<number> {
  const { subject, test } = deployment;
  if (!(await isReady(world, subject))) return 1;
  const google = await signInToGoogle(world, subject.projectId);
  if (!google) return 1;
  // The package is built.
  const isInstalled = subject.deployed.installedIn !== undefined;
  const before = [...(isInstalled ? [] : [BUILD]), ...(test ? [TEST] : [])];
  for (const command of before) {
    if ((await world.run(command)) === 0) continue;
    world.say(`Nothing was deployed: ${command.join(' ')} failed.`);
    return 1;
  }
  if (!(await carryOutSteps(world, google, deployment))) return 1;
  const hosting = findHosting(world.readFile, subject.deployed);
  if (hosting.count === 0 && subject.domain === `https://${subject.projectId}.web.app`) {
    world.say(
      'Deployed. No login was tried, since firebase.json has no Hosting. The address of the function auth is ' +
        `among these: gcloud run services list --project ${subject.projectId}`,
    );
    world.say(`Then: ${doctor(subject)} --domain <its address>`);
    return 0;
  }
  const proof = await proveLogin(world, subject);
  if (!proof.proven) {
    world.say(`Deployed, but not proven: ${proof.why}`);
    world.say(`To go back: ${goBack(subject)}`);
    return 1;
  }
  world.say('Deployed. A login with a made-up code was refused by Tiki: the chain works.');
  world.say(`Whether tokens can be signed, and the rest: ${doctor(subject)}`);
  const { values = {} } = readProjectParameters(world, subject);
  for (const line of tiniConsole(subject, values, pathPrefixOf(world, subject))) world.say(line);
  return 0;
}
