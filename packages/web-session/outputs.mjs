/** The modules for pages: the name of the file and its source. What both use is in shared.js. */
export const ENTRIES = {
  session: 'session.ts',
  'hand-over': 'hand-over/hand-over.ts',
};

/** What a page or a browser loads together, and the most that it may have, in bytes after gzip. */
export const LIMITS = [
  { files: ['session-worker.js'], gzip: 28_000 },
  { files: ['session.js', 'shared.js'], gzip: 2_000 },
  { files: ['hand-over.js', 'shared.js'], gzip: 2_000 },
];
