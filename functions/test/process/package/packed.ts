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

/** As `firebase functions:kits:install` writes it, after its build. */
export const KIT = {
  'package.json': '{"name":"tiki-wrapper","main":"lib/index.js","engines":{"node":"24"}}',
  'lib/index.js': `
    const { setGlobalOptions } = require('firebase-functions');
    setGlobalOptions({ region: 'asia-southeast1' });
    Object.assign(exports, require('tiki-firebase-bridge'));`,
};
