// Loaded before each test file: what the code logs in it must be in the dictionary of the log.
const logged: unknown[] = [];

for (const method of ['debug', 'info', 'log', 'warn', 'error'] as const) {
  const original = console[method].bind(console);
  console[method] = (...words: unknown[]) => {
    logged.push(words[0]);
    original(...words);
  };
}

/** A warning of firebase-functions itself, which some test files load without a project. */
const NOT_OURS = 'FIREBASE_CONFIG and GCLOUD_PROJECT';

/** firebase-functions writes an entry as one line of JSON. */
const isEntry = (words: unknown): words is string =>
  typeof words === 'string' && words.startsWith('{"severity"') && !words.includes(NOT_OURS);

afterAll(async () => {
  const entries = logged.filter(isEntry);
  if (entries.length === 0) return;
  // Loaded by those test files only that log something.
  const { faultOf } = await import('../log/dictionary.js');
  const faults = entries.map((line) => faultOf(JSON.parse(line) as Record<string, unknown>));
  expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
});
