import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findEmulatorUi } from './emulator-ui';

let home: string;

beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'emulator-ui-'));
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

/** The version that the installed firebase-tools starts. */
const { ui } = jest.requireActual<{
  ui: { main: { binaryPathRelativeToCacheDir: string } };
}>('firebase-tools/lib/emulator/downloadableEmulatorInfo.json');

function install(cache: string, program = ui.main.binaryPathRelativeToCacheDir): void {
  const file = path.join(cache, program);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '');
}

describe('finding the Emulator UI', () => {
  it('finds it where firebase-tools downloads it', () => {
    const cache = path.join(home, '.cache/firebase/emulators');
    expect(findEmulatorUi({}, home)).toBeUndefined();
    install(cache);

    expect(findEmulatorUi({}, home)).toBe(cache);
  });

  it('finds it in FIREBASE_EMULATORS_PATH', () => {
    const cache = path.join(home, 'elsewhere');
    install(cache);

    expect(findEmulatorUi({ FIREBASE_EMULATORS_PATH: cache }, home)).toBe(cache);
    expect(findEmulatorUi({}, home)).toBeUndefined();
  });

  it('does not take another version, which firebase-tools would replace by a download', () => {
    install(path.join(home, '.cache/firebase/emulators'), 'ui-v0.0.1/server/server.mjs');

    expect(findEmulatorUi({}, home)).toBeUndefined();
  });

  it('goes without it if firebase-tools does not say which version it starts', () => {
    install(path.join(home, '.cache/firebase/emulators'));

    expect(findEmulatorUi({}, home, path.join(home, 'moved.json'))).toBeUndefined();
  });
});
