import { parseCommandLine, type Command } from './command-line';
import { busyPort, callLine, greeting, messageLine, orderLine, USAGE } from './console-report';
import { startTikiSimulator } from './server';
import { trigger } from './trigger';

async function start(command: Extract<Command, { readonly name: 'start' }>): Promise<void> {
  const { port, clientKey, clientSecret, ipnUrl } = command;
  const colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const simulator = await startTikiSimulator({
    port,
    clientKey,
    clientSecret,
    ...(ipnUrl !== undefined && { ipnUrl }),
    onCall: (call) => {
      console.log(callLine(call, colours));
    },
    onOrder: (order) => {
      console.log(orderLine(order, Date.now()));
    },
    onMessage: (message) => {
      console.log(messageLine(message, Date.now(), colours));
    },
  }).catch((error: unknown) => {
    const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw busy ? new Error(busyPort(port)) : error;
  });
  console.log(greeting(simulator, clientKey, ipnUrl));

  // Once the server is closed, nothing keeps the process alive, and it exits with code 0.
  const stop = () => void simulator.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

async function main(): Promise<void> {
  const command = parseCommandLine(process.argv.slice(2));
  switch (command.name) {
    case 'help':
      console.log(USAGE);
      return;
    case 'start':
      await start(command);
      return;
    case 'trigger':
      console.log(await trigger(command.port, command.status, command.orderId));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
