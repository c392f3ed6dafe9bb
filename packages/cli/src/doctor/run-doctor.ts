import os from 'node:os';
import { findFirestoreJars } from '@tiki-bridge/testing/emulators/firestore-jar';
import { findJava } from '@tiki-bridge/testing/emulators/java';
import { isFree } from '@tiki-bridge/testing/emulators/ports';
import { signIn } from '../credentials';
import { hasFirebaseCli } from '../firebase-cli';
import { printableJson } from '../printable';
import { findDeployment, listFiles, readFile } from '../deployment';
import { readFile as readAny } from '../project-files';
import { CHECK_TIMEOUT_MS } from '../target';
import { LOCAL_CHECKS, PROJECT_CHECKS } from './checks';
import type { Examination } from './command';
import { examine } from './examine';
import { listReport, type Report } from './report';
import type { World } from './world';

const DEFAULT_COLUMNS = 100;

export const world: World = {
  fetch: (url, init) => fetch(url, init),
  timeoutMs: CHECK_TIMEOUT_MS,
  now: Date.now,
  signIn: () => signIn(CHECK_TIMEOUT_MS),
  nodeVersion: process.versions.node,
  env: process.env,
  platform: process.platform,
  deployed: findDeployment(readAny),
  readFile,
  listFiles,
  findJava: () => findJava(process.env)?.major,
  hasFirebaseCli,
  hasFirestoreEmulator: () => findFirestoreJars(process.env, os.homedir()).length > 0,
  isFree,
};

function openList(): Report {
  const { stdout, env } = process;
  return listReport({
    write: (text) => void stdout.write(text),
    colours: stdout.isTTY && env['TERM'] !== 'dumb' && !env['NO_COLOR'],
    columns: stdout.isTTY ? stdout.columns : DEFAULT_COLUMNS,
  });
}

/** @returns the exit code */
export async function examineAndReport({ subject, json }: Examination): Promise<number> {
  const checks = subject ? PROJECT_CHECKS : LOCAL_CHECKS;
  const facts = subject ? { subject } : {};
  const report = json ? undefined : openList();
  report?.start(subject);
  const findings = await examine(checks, world, facts, report?.add);
  report?.end(findings);
  if (json) console.log(printableJson(findings));
  return findings.some(({ state }) => state === 'failed') ? 1 : 0;
}
