import type { RecordedCall, TikiSimulator } from './types';

export const USAGE = `A stand-in for Tiki's Open API, for development only.

Usage: npm run tiki-simulator -- [options]

  --port <number>           port on 127.0.0.1, 0 for any       (9010)
  --client-key <text>       the Tini App's client key          (demo-client-key)
  --client-secret <text>    the Tini App's client secret       (demo-client-secret)
  --help                    this text
`;

export function greeting({ origin, apiBaseUrl }: TikiSimulator, clientKey: string): string {
  return `
  Tiki simulator, for development only

    base URL     ${apiBaseUrl}
    client key   ${clientKey}

  Get an auth code, like my.getAuthCode:

    curl ${origin}/simulator/auth-codes -H 'Content-Type: application/json' \\
      -d '{"customerId": "1001", "scopes": ["offline"]}'

  Each call to the Open API is listed below: time, path, outcome, duration, and the problem, if any.
  ${origin}/simulator/calls shows the last hundred with their headers. Ctrl-C stops.
`;
}

export function busyPort(port: number): string {
  return (
    `Port ${port} is in use, perhaps by another Tiki simulator. ` +
    'Stop that one, or choose another port: npm run tiki-simulator -- --port 9011'
  );
}

/** One line per call. Control characters from the caller are replaced. */
export function callLine(call: RecordedCall, colours: boolean): string {
  const time = new Date(call.at).toTimeString().slice(0, 8);
  const outcome = colours ? `${colourOf(call)}${call.outcome}${PLAIN}` : call.outcome;
  const problem = call.problem === undefined ? '' : `  ${printable(call.problem)}`;
  return `  ${time}  ${printable(call.path)}  ${outcome}  ${call.ms ?? 0} ms${problem}`;
}

const PLAIN = '\u001b[0m';

function colourOf({ outcome }: RecordedCall): string {
  if (outcome === 'ok') return '\u001b[32m';
  return outcome.startsWith('fault:') ? '\u001b[33m' : '\u001b[31m';
}

function printable(text: string): string {
  return text.replaceAll(/[^ -~]/g, '?');
}
