import { packBridge, type PackedBridge } from '@tiki-bridge/testing/package/packed-bridge';

let made: PackedBridge | undefined;

/** The packed file of the running tests. */
export function packed(): PackedBridge {
  if (made === undefined) throw new Error('It is packed before the first test.');
  return made;
}

/** Packs once for all tests of the file: that takes longer than most of them. */
export function usePacked(): void {
  beforeAll(() => {
    made = packBridge();
  });
  afterAll(() => made?.remove());
}
