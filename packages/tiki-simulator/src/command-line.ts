import { parseArgs } from 'node:util';
import { parseIpnUrl } from './ipn/ipn-url';

export type Command =
  | { readonly name: 'help' }
  | {
      readonly name: 'start';
      readonly port: number;
      readonly clientKey: string;
      readonly clientSecret: string;
      /** Where notifications are sent; undefined: nowhere. */
      readonly ipnUrl: string | undefined;
    }
  | {
      /** At the simulator that runs at this port. */
      readonly name: 'trigger';
      readonly port: number;
      readonly status: string;
      /** Undefined: the newest that can take the status. */
      readonly orderId: string | undefined;
    };

/** Throws an error for the user if the arguments are invalid. */
export function parseCommandLine(args: string[]): Command {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '9010' },
      'client-key': { type: 'string', default: 'demo-client-key' },
      'client-secret': { type: 'string', default: 'demo-client-secret' },
      'forward-to': { type: 'string' },
      order: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { name: 'help' };
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65535) {
    throw new Error(`--port must be a number from 0 to 65535, not "${values.port}"`);
  }
  const port = Number(values.port);
  const [command, status, ...more] = positionals;
  const forwardTo = values['forward-to'];

  if (command === 'trigger' && status !== undefined && more.length === 0) {
    return { name: 'trigger', port, status, orderId: values.order };
  }
  if (command === 'trigger') throw new Error('Name one status, as in: trigger online_paid');
  if (command === 'listen' && forwardTo === undefined) {
    throw new Error('listen needs --forward-to <url>, such as http://127.0.0.1:5002/tiki_ipn');
  }
  if ((command !== undefined && command !== 'listen') || status !== undefined) {
    throw new Error(`There is no command "${positionals.join(' ')}": only listen and trigger`);
  }
  if (command === undefined && forwardTo !== undefined) {
    throw new Error('--forward-to belongs to the command listen');
  }
  return {
    name: 'start',
    port,
    clientKey: values['client-key'],
    clientSecret: values['client-secret'],
    ipnUrl: forwardTo === undefined ? undefined : parseIpnUrl(forwardTo),
  };
}
