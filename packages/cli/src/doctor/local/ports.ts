import { z } from 'zod';
import { parseJsonc } from '../../parse-json';
import { defineCheck } from '../check';
import { failed, ok, warning } from '../finding';

/** The default port. */
const TIKI_SIMULATOR = 9010;

const schema = z.object({
  emulators: z.record(z.string(), z.unknown()),
});
const emulator = z.object({ port: z.number().int() });

/** The ports of `npm start` and `npm run serve`. */
export const ports = defineCheck({
  name: 'ports',
  title: 'Ports',
  area: 'This machine',
  needs: [],
  look: async ({ readFile, isFree, platform }) => {
    const content = schema.safeParse(parseJsonc(readFile('firebase.json') ?? ''));
    if (!content.success)
      return failed('firebase.json is missing or malformed', 'git checkout firebase.json');
    const wanted = [
      ...Object.entries(content.data.emulators).map(([name, settings]) => ({
        name,
        port: emulator.safeParse(settings).data?.port,
      })),
      { name: 'Tiki simulator', port: TIKI_SIMULATOR },
    ];
    const busy: string[] = [];
    const who: string[] = [];
    for (const { name, port } of wanted) {
      if (port === undefined || (await isFree(port))) continue;
      busy.push(`${port} (${name})`);
      who.push(platform === 'win32' ? `netstat -ano | findstr :${port}` : `lsof -i :${port}`);
    }
    if (busy.length === 0) return ok('all free that the emulators and the Tiki simulator want');
    return warning(`in use: ${busy.join(', ')}; fine if that is npm start`, who.join('\n'));
  },
});
