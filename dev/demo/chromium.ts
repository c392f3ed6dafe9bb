import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Path of a Chromium or Chrome: `CHROMIUM_PATH`, or else the first on the PATH. */
export function findChromium(): string | undefined {
  const { CHROMIUM_PATH: given, PATH: folders = '' } = process.env;
  if (given !== undefined && given !== '') return given;
  return folders
    .split(path.delimiter)
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts it, cut off from everything but this machine. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error('No Chromium on the PATH: install one, or name it in CHROMIUM_PATH.');
  }
  return chromium.launch({
    executablePath,
    args: [
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      '--disable-background-networking',
      '--disable-quic',
      // Chromium's sandbox refuses to run as root, which is what containers usually are.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}
