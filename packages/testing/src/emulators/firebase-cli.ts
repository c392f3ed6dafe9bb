import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const NAME = 'firebase-tools/package.json';

export class FirebaseCliMissing extends Error {
  override readonly name = 'FirebaseCliMissing';
  constructor() {
    super('The Firebase CLI is not installed: npm install --save-dev firebase-tools');
  }
}

/** The Firebase CLI that is typed as `firebase`. npm installs a link on PATH, on Windows a script beside it. */
function* onPath(): Generator<string> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    yield path.join(folder, 'node_modules', NAME);
    try {
      yield path.join(realpathSync(path.join(folder, 'firebase')), '../../..', 'package.json');
    } catch {
      // Not in this folder.
    }
  }
}

/**
 * `require` as the Firebase CLI has it, for its parsers and tables: of this project, or, where the
 * operator's command line runs from its package, of the current folder or of PATH.
 *
 * @throws FirebaseCliMissing
 */
export function requireOfFirebaseCli(): NodeJS.Require {
  for (const from of [__filename, path.join(process.cwd(), 'x.js')]) {
    try {
      return createRequire(createRequire(from).resolve(NAME));
    } catch {
      // Not installed there.
    }
  }
  for (const manifest of onPath()) {
    try {
      return createRequire(realpathSync(manifest));
    } catch {
      // Neither there.
    }
  }
  throw new FirebaseCliMissing();
}
