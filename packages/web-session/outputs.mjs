/** The modules for pages: the name of the file and its source. What some share is in files of its own. */
export const ENTRIES = {
  session: 'session.ts',
  'hand-over': 'hand-over/hand-over.ts',
  push: 'push/push.ts',
};

/** What a page or a browser loads, and the most that it may have with all its imports, in bytes after gzip. */
export const LIMITS = [
  { file: 'session-worker.js', gzip: 29_000 },
  { file: 'session.js', gzip: 2_050 },
  { file: 'hand-over.js', gzip: 2_000 },
  { file: 'push.js', gzip: 17_500 },
];
