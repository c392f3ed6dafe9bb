import { findSite } from '../project/firebase-json';
import { type Context, mergeFile } from '../merge/merge-file';
import { withEndsOf, withUnixEnds } from '../merge/layout';
import {
  type Environment,
  filesOf,
  isChange,
  isInFolder,
  oursFor,
  type Plan,
  readProject,
  refused,
} from './plan';
import { type Edit, FOLDER, RECORD_FILE, type Refusal } from '../project/project';
import { backupOf, hashOf } from './record';

/** What `remove` writes: the project without all that `init` added. */
export function planRemove(environment: Environment): Plan {
  const { project, template } = environment;
  const found = readProject(environment);
  if (!('json' in found)) return refused(found);
  const { json, written } = found;
  if (!written) {
    return refused({ place: FOLDER, why: 'it is not there: nothing was added by init' });
  }
  const { pieces, after, choices } = written;
  const site = findSite(json, choices.target);
  const context: Context = {
    site: site && 'at' in site ? site : undefined,
    place: 0,
    ...oursFor(template, choices.features),
  };
  const refusals: Refusal[] = [];
  const theirs = filesOf(pieces)
    .filter((file) => !isInFolder(file))
    .map((file): Edit => {
      const current = project.read(file);
      const backup = project.read(backupOf(file));
      const known = after[file];
      const isCopied = known !== undefined && known.existed === (backup !== undefined);
      if (isCopied && known.sha256.includes(hashOf(current))) {
        return { path: file, before: current, after: backup };
      }
      if (isCopied && current !== undefined && backup !== undefined) {
        // A clone may have other ends of lines than what was committed.
        const isCloned = known.sha256.includes(hashOf(withUnixEnds(current)));
        if (isCloned) return { path: file, before: current, after: withEndsOf(current, backup) };
      }
      if (current === undefined) return { path: file, before: current, after: current };
      const base = pieces.filter((piece) => piece.file === file);
      // A file of ours has become theirs if there is more in it.
      const before = known?.existed === false ? '{}' : backup;
      const merged = mergeFile({ file, current, before, base, wanted: [] }, context);
      refusals.push(...merged.refusals);
      const isEmpty = known?.existed === false && merged.text?.replace(/\s/g, '') === '{}';
      return { path: file, before: current, after: isEmpty ? undefined : merged.text };
    });
  const ours = [
    ...filesOf(pieces).filter(isInFolder),
    ...filesOf(pieces).map(backupOf),
    // Until it is gone, the same command finishes the work.
    RECORD_FILE,
  ].map((file): Edit => ({ path: file, before: project.read(file), after: undefined }));
  return { edits: [...theirs, ...ours].filter(isChange), refusals, notes: [], choices };
}
