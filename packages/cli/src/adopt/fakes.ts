import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { judgeProject } from './judge/judge-project';
import type { Asked, Environment, Plan } from './plan/plan';
import { planInstall } from './plan/plan-install';
import { planRemove } from './plan/plan-remove';
import type { Project } from './project/project';
import { readTemplate, type Template } from './wanted/template';

/** A project in memory: texts by path. */
export type Files = Readonly<Record<string, string>>;

export const SHOP = path.join(__dirname, '../../test/shop');

/** The project of test/shop. */
export function shop(changes: Readonly<Record<string, string | undefined>> = {}): Files {
  const names = readdirSync(SHOP, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(SHOP, path.join(entry.parentPath, entry.name)));
  const files = Object.fromEntries(
    names.map((name) => [
      name.replaceAll(path.sep, '/'),
      readFileSync(path.join(SHOP, name), 'utf8'),
    ]),
  );
  return defined({ ...files, ...changes });
}

const defined = (files: Readonly<Record<string, string | undefined>>): Files =>
  Object.fromEntries(
    Object.entries(files).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
  );

export const projectOf = (files: Files): Project => ({
  read: (name) => files[name],
  sources: (folder) =>
    Object.entries(files).flatMap(([name, text]) =>
      name.startsWith(`${folder}/`) ? [{ path: name, text }] : [],
    ),
});

export const template: Template = readTemplate();
export const NOW = Date.UTC(2026, 10, 22, 12);
export const PACKED = { file: 'tiki-firebase-bridge-0.6.0.tgz', integrity: 'sha512-abc' };

/** Judging takes most of the time; it has tests of its own. */
const environment = (files: Files, of: Template): Environment => ({
  project: projectOf(files),
  template: of,
  judge: () => [],
  now: NOW,
});

/** The files after a plan, which has to be carried out. */
export function carriedOut(files: Files, { edits, refusals }: Plan): Files {
  if (refusals.length > 0) throw new Error(JSON.stringify(refusals, undefined, 2));
  const changes = Object.fromEntries(edits.map(({ path: name, after }) => [name, after]));
  return defined({ ...files, ...changes });
}

export const planned = (files: Files, asked: Asked = {}, of = template, packed = PACKED): Plan =>
  planInstall(asked, packed, environment(files, of));

export const installed = (files: Files, asked: Asked = {}, of = template, packed = PACKED): Files =>
  carriedOut(files, planned(files, asked, of, packed));

export const plannedRemoval = (files: Files): Plan => planRemove(environment(files, template));

export const removed = (files: Files): Files => carriedOut(files, plannedRemoval(files));

/** Why a project is refused, one line each. */
export const refusalsOf = (files: Files, asked: Asked = {}, judge = false): string[] =>
  planInstall(asked, PACKED, {
    ...environment(files, template),
    ...(judge && { judge: judgeProject }),
  }).refusals.map(({ place, why }) => `${place}: ${why}`);
