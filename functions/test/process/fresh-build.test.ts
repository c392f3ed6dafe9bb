import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const FUNCTIONS = join(__dirname, '../..');

it('runs the build of the sources as they are now', () => {
  const sources = readdirSync(join(FUNCTIONS, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => statSync(join(FUNCTIONS, 'src', file)).mtimeMs);

  expect(statSync(join(FUNCTIONS, 'lib/functions.js')).mtimeMs).toBeGreaterThan(
    Math.max(...sources),
  );
});
