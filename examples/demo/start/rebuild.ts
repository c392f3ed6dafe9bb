import { watch } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';

/** Editors write a file in several goes; one build answers them all. In ms. */
const QUIET_MS = 250;

/**
 * Calls `rebuild` after the functions' sources have changed, one call at a time. Returns what
 * ends the watching.
 */
export function watchFunctions(rebuild: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  const watcher = watch(path.join(PROJECT_ROOT, 'functions', 'src'), { recursive: true });
  watcher.on('change', (_event, file) => {
    if (String(file).endsWith('.test.ts')) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = last.then(rebuild);
    }, QUIET_MS);
  });
  // Losing sight of the sources costs the reloading, and nothing else.
  watcher.on('error', () => undefined);
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
