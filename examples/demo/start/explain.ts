import { BusyPortError } from '@tiki-bridge/testing/emulators/ports';
import type { Texts } from './texts';

/** What went wrong and what to do about it, as lines for the terminal. */
export function explain(error: unknown, texts: Texts): string[] {
  if (!(error instanceof BusyPortError)) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return [
    ...error.busy.map(({ port, service }) => texts.busy(port, texts.names[service] ?? service)),
    '',
    texts.findProcess,
    ...error.busy.map(({ port }) =>
      process.platform === 'win32' ? `  netstat -ano | findstr :${port}` : `  lsof -i :${port}`,
    ),
    '',
    texts.freePorts,
    '  npm start -- --free-ports',
  ];
}
