import { parseDotenv } from '@tiki-bridge/testing/emulators/dotenv';
import { explainLegacyKey, legacyKeyIn } from '../../../functions/src/operator';
import type { ReadFile } from './project-files';

interface Places {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: ReadFile;
  readonly listFiles: (folder: string) => readonly string[];
}

/** Where a server key of FCM's legacy APIs was found, and what to do; undefined: nowhere. */
export function findLegacyKey({ env, readFile, listFiles }: Places) {
  const files = listFiles('functions').filter((name) => /^\.(?:env|secret)(?:\.|$)/.test(name));
  const places = [
    { name: 'the environment', values: env },
    ...files.map((file) => ({
      name: `functions/${file}`,
      values: parseDotenv(readFile(`functions/${file}`) ?? '').values,
    })),
  ];
  for (const { name, values } of places) {
    const variable = legacyKeyIn(values);
    if (variable !== undefined) return { place: name, ...explainLegacyKey(variable) };
  }
  return undefined;
}
