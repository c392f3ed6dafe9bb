import { parseArgs } from 'node:util';

export const HELP = `npm start                  everything on its usual ports, until Ctrl-C
npm start -- --once        one login through the whole chain, printed step by step; then the end
npm start -- --free-ports  on ports that happen to be free
npm start -- --help        this text

Starts, on this machine alone and without a Google or Tiki account: a simulator of Tiki's Open API,
the Auth, Functions and Hosting emulators of Firebase, Firestore where its emulator is installed,
and a demo page.`;

export interface StartOptions {
  readonly once: boolean;
  readonly freePorts: boolean;
  readonly help: boolean;
}

/** Throws a TypeError that names what it does not know. */
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
