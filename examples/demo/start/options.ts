import { parseArgs } from 'node:util';

export const HELP = `npm start                  runs everything on the usual ports, until Ctrl-C
npm start -- --once        runs one complete login, prints each step, and exits
npm start -- --free-ports  uses any free ports
npm start -- --help        this text

Starts on this machine, without a Google or Tiki account: a simulator of Tiki's Open API, Firebase's
Auth, Functions and Hosting emulators, the Firestore emulator if installed, and a demo page.`;

export interface StartOptions {
  readonly once: boolean;
  readonly freePorts: boolean;
  readonly help: boolean;
}

/** @throws TypeError that names the unknown option */
export function parseOptions(args: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: 'boolean', default: false },
      'free-ports': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return { once: values.once, freePorts: values['free-ports'], help: values.help };
}
