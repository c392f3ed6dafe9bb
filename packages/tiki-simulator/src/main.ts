import { parseArgs } from 'node:util';
import { busyPort, callLine, greeting, USAGE } from './console-report';
import { startTikiSimulator } from './server';

interface CommandLine {
  readonly port: number;
  readonly clientKey: string;
  readonly clientSecret: string;
  readonly help: boolean;
}

/** Throws an error for the user if the arguments are invalid. */
function parseCommandLine(args: string[]): CommandLine {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '9010' },
      'client-key': { type: 'string', default: 'demo-client-key' },
      'client-secret': { type: 'string', default: 'demo-client-secret' },
      help: { type: 'boolean', default: false },
    },
  });
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65535) {
    throw new Error(`--port must be a number from 0 to 65535, not "${values.port}"`);
  }
  return {
    port: Number(values.port),
    clientKey: values['client-key'],
    clientSecret: values['client-secret'],
    help: values.help,
  };
}

async function main(): Promise<void> {
  const { port, clientKey, clientSecret, help } = parseCommandLine(process.argv.slice(2));
  if (help) {
    console.log(USAGE);
    return;
  }
  const colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const simulator = await startTikiSimulator({
    port,
    clientKey,
    clientSecret,
    onCall: (call) => {
      console.log(callLine(call, colours));
    },
  }).catch((error: unknown) => {
    const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw busy ? new Error(busyPort(port)) : error;
  });
  console.log(greeting(simulator, clientKey));

  // Once the server is closed, nothing keeps the process alive, and it exits with code 0.
  const stop = () => void simulator.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
