import { type Connection } from '../connection';

/** Throws `invalid-argument`, before anything is sent. */
export function refuse({ failWith }: Connection, detail: string): never {
  return failWith('invalid-argument', { detail });
}
