// Loaded before each test file: what the code logs in it must be in the dictionary of the log.
const logged: unknown[] = [];

for (const method of ['debug', 'info', 'log', 'warn', 'error'] as const) {
  const original = console[method].bind(console);
  console[method] = (...words: unknown[]) => {
    logged.push(words[0]);
    original(...words);
  };
}

/** firebase-functions writes an entry as one line of JSON. */
function entryIn(words: unknown): Record<string, unknown> | undefined {
  if (typeof words !== 'string' || !words.startsWith('{"severity"')) return undefined;
  return JSON.parse(words) as Record<string, unknown>;
}

afterAll(async () => {
  const entries = logged.flatMap((words) => entryIn(words) ?? []);
  if (entries.length === 0) return;
  // Loaded by those test files only that log something.
  const { faultOf } = await import('../log/dictionary.js');
  expect(entries.flatMap((entry) => faultOf(entry) ?? [])).toEqual([]);
});
