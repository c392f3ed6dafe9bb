import { watch } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';

/** Debounce, because editors write a file in several steps. In ms. */
const QUIET_MS = 250;

/**
 * Calls `rebuild` after changes of the functions' sources, one call at a time. Returns the function
 * that stops watching.
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
  // If watching fails, only reloading stops working.
  watcher.on('error', () => undefined);
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
