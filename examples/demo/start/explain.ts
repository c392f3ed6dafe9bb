import { BusyPortError } from '@tiki-bridge/testing/emulators/ports';

/** What went wrong and what to do about it, as lines for the terminal. */
export function explain(error: unknown): string[] {
  if (!(error instanceof BusyPortError)) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return [
    ...error.busy.map(
      ({ port, service }) => `Port ${port} is already in use, but needed for the ${service}.`,
    ),
    '',
    'Find the process that uses it:',
    ...error.busy.map(({ port }) =>
      process.platform === 'win32' ? `  netstat -ano | findstr :${port}` : `  lsof -i :${port}`,
    ),
    '',
    'Or use any free ports:',
    '  npm start -- --free-ports',
  ];
}
