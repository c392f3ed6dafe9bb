import { BusyPortError } from '@tiki-bridge/testing/emulators/ports';

/** What went wrong and what to do about it, in lines for a person. */
export function explain(error: unknown): string[] {
  if (!(error instanceof BusyPortError)) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return [
    ...error.busy.map(
      ({ port, service }) => `Port ${port} is in use already, and the ${service} wants it.`,
    ),
    '',
    'Who has it?',
    ...error.busy.map(({ port }) =>
      process.platform === 'win32' ? `  netstat -ano | findstr :${port}` : `  lsof -i :${port}`,
    ),
    '',
    'Or take any ports that are free:',
    '  npm start -- --free-ports',
  ];
}
