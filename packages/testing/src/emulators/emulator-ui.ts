import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from './project-files';

const DOWNLOADS = 'node_modules/firebase-tools/lib/emulator/downloadableEmulatorInfo.json';

/**
 * The folder of downloaded emulators that holds the Emulator UI in the version that firebase-tools
 * starts; undefined if it is not installed (`npx firebase setup:emulators:ui`). firebase-tools
 * would download a missing one, which takes time, and offline ends all emulators.
 */
export function findEmulatorUi(
  env: NodeJS.ProcessEnv,
  home: string,
  downloads = path.join(PROJECT_ROOT, DOWNLOADS),
): string | undefined {
  const cache = env['FIREBASE_EMULATORS_PATH'] || path.join(home, '.cache/firebase/emulators');
  const program = programOf(downloads);
  return program !== undefined && existsSync(path.join(cache, program)) ? cache : undefined;
}

/** The file by which firebase-tools itself tells whether the UI is there. */
function programOf(downloads: string): string | undefined {
  try {
    const info = JSON.parse(readFileSync(downloads, 'utf8')) as {
      readonly ui?: { readonly main?: { readonly binaryPathRelativeToCacheDir?: string } };
    };
    return info.ui?.main?.binaryPathRelativeToCacheDir;
  } catch {
    // Another version of firebase-tools may keep this elsewhere; all else runs without the UI.
    return undefined;
  }
}
