import { z } from 'zod';

/*
 * What `init` writes, piece by piece. The pieces of the last time are the bases of a three-way merge, and
 * say what `remove` takes out.
 */

const value = z.json();
export type Json = z.infer<typeof value>;

/** An array in a JSON file, whatever its path there is. */
const CONTAINERS = ['functions', 'rewrites', 'indexes', 'fieldOverrides'] as const;
export type Container = (typeof CONTAINERS)[number];

export const piece = z.discriminatedUnion('kind', [
  /** An object in an array of a JSON file. */
  z.object({ kind: z.literal('item'), file: z.string(), container: z.enum(CONTAINERS), value }),
  /** A value in an object of a JSON file. */
  z.object({ kind: z.literal('property'), file: z.string(), path: z.array(z.string()), value }),
  /** Lines between markers in a rules file. */
  z.object({
    kind: z.literal('block'),
    file: z.string(),
    service: z.enum(['firestore', 'storage']),
    text: z.string(),
  }),
  /** A whole file. */
  z.object({ kind: z.literal('text'), file: z.string(), text: z.string() }),
]);
export type Piece = z.infer<typeof piece>;
export type PieceOf<K extends Piece['kind']> = Extract<Piece, { kind: K }>;

export function ofKind<K extends Piece['kind']>(pieces: readonly Piece[], kind: K): PieceOf<K>[] {
  return pieces.filter((each): each is PieceOf<K> => each.kind === kind);
}
