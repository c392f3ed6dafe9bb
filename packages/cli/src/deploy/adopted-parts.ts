import type { Piece } from '../adopt/merge/pieces';
import { readRecord } from '../adopt/plan/record';
import type { ReadFile } from '../project-files';
import { type Part, PARTS } from './steps';

/** Which part of a project a piece of ours is in; undefined: in the folder of the codebase. */
function partOf(piece: Piece): Part | undefined {
  switch (piece.kind) {
    case 'block':
      return piece.service;
    case 'item':
      if (piece.container === 'rewrites') return 'hosting';
      return piece.container === 'functions' ? 'functions' : 'firestore';
    case 'property':
      return piece.path[0] === 'rules' ? 'database' : undefined;
    case 'text':
      return undefined;
  }
}

/** The parts of a project that `init` has merged something into; undefined: it has not been here. */
export function adoptedParts(readFile: ReadFile): readonly Part[] | undefined {
  const written = readRecord(readFile);
  if (!written) return undefined;
  const merged = new Set(written.pieces.map(partOf));
  return PARTS.filter((part) => merged.has(part));
}
