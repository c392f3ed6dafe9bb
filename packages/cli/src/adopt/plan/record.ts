import { createHash } from 'node:crypto';
import { z } from 'zod';
import { choices } from '../wanted/choices';
import { piece } from '../merge/pieces';
import { isInside, RECORD_FILE, RECORD_FOLDER, type ReadText } from '../project/project';

/** What `init` wrote the last time, in tiki-bridge/.bridge/written.json. */
const record = z
  .object({
    version: z.string(),
    choices,
    /** The packed file in tiki-bridge/. */
    packed: z.object({ file: z.string(), integrity: z.string() }),
    pieces: z.array(piece),
    /**
     * The files of the project that have pieces, by path. `sha256`: of those contents for which the copy in
     * .bridge/before is exactly what was there before, so that `remove` puts it back. `existed`: there is a
     * copy.
     */
    after: z.record(z.string(), z.object({ sha256: z.array(z.string()), existed: z.boolean() })),
  })
  // Whoever can change a repository can change this file: it must not lead out of the project.
  .refine(({ pieces, after, packed }) =>
    [...pieces.map(({ file }) => file), ...Object.keys(after), packed.file].every(isInside),
  )
  .refine(({ packed }) => /^tiki-firebase-bridge-[\w.+-]+\.tgz$/.test(packed.file));
export type Written = z.infer<typeof record>;

/** @returns undefined: `init` has not been here; null: the file is damaged */
export function readRecord(read: ReadText): Written | null | undefined {
  const text = read(RECORD_FILE);
  if (text === undefined) return undefined;
  try {
    return record.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export const printRecord = (written: Written): string =>
  `${JSON.stringify(written, undefined, 2)}\n`;

/** Where the copy of a file is kept. */
export const backupOf = (file: string): string => `${RECORD_FOLDER}/before/${file}`;

export const hashOf = (text: string | undefined): string =>
  text === undefined ? 'none' : createHash('sha256').update(text).digest('hex');
