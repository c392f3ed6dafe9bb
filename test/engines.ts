import os from 'node:os';
import { findFirestoreJars } from '@tiki-bridge/testing/emulators/firestore-jar';
import { findJava } from '@tiki-bridge/testing/emulators/java';
import { findChromium } from '@tiki-bridge/testing/browser/chromium';
import { findNode24 } from './node24';

/** What this machine has for the tests; Node 24 is searched for (and installed) at the first use. */
export interface Engines {
  readonly runningNode: string;
  readonly chromium: string | undefined;
  readonly java: string | undefined;
  readonly firestoreJar: string | undefined;
  readonly node24: () => string | undefined;
}

export function findEngines(env: NodeJS.ProcessEnv): Engines {
  const java = findJava(env);
  let node24: { readonly binary: string | undefined } | undefined;
  return {
    runningNode: process.versions.node,
    chromium: findChromium(env),
    java: java === undefined ? undefined : `Java ${java.major}`,
    firestoreJar: findFirestoreJars(env, os.homedir())[0]?.file,
    node24: () => (node24 ??= { binary: findNode24() }).binary,
  };
}

/** Printed last, so a partial run is not mistaken for a full one. */
export function describeEngines(engines: Engines): string[] {
  const { runningNode, chromium, java, firestoreJar } = engines;
  const found = (what: string | undefined) => what ?? 'missing';
  return [
    `Node        ${runningNode}`,
    `Chromium    ${found(chromium)}`,
    `Java        ${found(java)}`,
    `Firestore   ${found(firestoreJar)}`,
  ];
}
