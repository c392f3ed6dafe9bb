import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { printable } from '../printable';
import { UsageError } from '../usage-error';
import { FIREBASE_JSON, readFirebaseJson, siteNames } from './project/firebase-json';
import type { Asked } from './plan/plan';
import type { ReadText } from './project/project';

async function question(text: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const closed = once(terminal, 'close').then(() => Promise.reject(new Error('no answer')));
    return (await Promise.race([terminal.question(text), closed])).trim();
  } catch {
    // Ctrl-C or Ctrl-D.
    throw new UsageError('Nothing was written');
  } finally {
    terminal.close();
  }
}

/** @throws UsageError without a yes; nothing has been written then */
export async function confirm(text: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) throw new UsageError('Nothing was written. To go on, add --yes');
  if (!/^y(es)?$/i.test(await question(`\n${text} [y/N] `))) {
    throw new UsageError('Nothing was written');
  }
}

/** Asks for the site where there are several. Elsewhere than at a terminal, the plan is refused. */
export async function askForSite(asked: Asked, read: ReadText, isKnown: boolean): Promise<Asked> {
  const json = readFirebaseJson(read(FIREBASE_JSON) ?? '');
  const names = json ? siteNames(json) : [];
  const isClear = asked.target !== undefined || isKnown || names.length < 2;
  if (isClear || !process.stdin.isTTY) return asked;
  const list = names.map(printable).join(', ');
  return { ...asked, target: await question(`Which site leads to the bridge: ${list}? `) };
}
