import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const LIB = join(__dirname, '../../lib');

/** A source map, as far as it is read here. */
interface SourceMap {
  /** Relative to the map. */
  readonly sources: readonly string[];
  readonly sourcesContent: readonly string[];
}

/** Our sources in a built file, as [path, the text that was built]. */
function sourcesIn(file: string): [string, string | undefined][] {
  // esbuild's own format.
  const map = JSON.parse(readFileSync(file, 'utf8')) as SourceMap;
  return map.sources
    .map((source, index): [string, string | undefined] => [
      resolve(dirname(file), source),
      map.sourcesContent[index],
    ])
    .filter(([source]) => !source.includes('node_modules'));
}

it('runs the build of the sources as they are now', () => {
  const maps = readdirSync(LIB, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js.map'),
  );
  const built = maps.flatMap((file) => sourcesIn(join(LIB, file)));

  expect(built.length).toBeGreaterThan(100);
  expect(built.filter(([source, text]) => readFileSync(source, 'utf8') !== text)).toEqual([]);
});
