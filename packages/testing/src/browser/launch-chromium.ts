import { chromium, type Browser } from 'playwright-core';
import { findChromium } from './chromium';

/**
 * Starts an installed Chromium or Chrome that can only reach loopback.
 *
 * @param flags Further command-line flags
 */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium(process.env);
  if (executablePath === undefined) {
    throw new Error('No Chromium found: install one, or set CHROMIUM_PATH.');
  }
  return chromium.launch({
    executablePath,
    args: [
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      '--disable-background-networking',
      '--disable-quic',
      // Chromium's sandbox refuses to run as root, the usual user in containers.
      ...flags,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}
