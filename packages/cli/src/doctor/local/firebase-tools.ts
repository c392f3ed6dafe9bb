import { z } from 'zod';
import { parseJson } from '../../parse-json';
import { defineCheck } from '../check';
import { failed, ok, warning } from '../finding';

const version = z.string().regex(/^\d+\.\d+\.\d+[\w.-]*$/);
const installedSchema = z.object({ version });
const wantedSchema = z.object({ devDependencies: z.object({ 'firebase-tools': version }) });

/** The CLI that `npx firebase` runs; others are not checked. */
export const firebaseTools = defineCheck({
  name: 'firebase-tools',
  title: 'Firebase CLI',
  area: 'This machine',
  needs: [],
  look: ({ readFile, deployed: here, hasFirebaseCli }, { subject }) => {
    const read = (path: string) => parseJson(readFile(path) ?? '');
    const installed = installedSchema.safeParse(read('node_modules/firebase-tools/package.json'));
    const wanted = wantedSchema.safeParse(read('package.json'));
    if (!installed.success) {
      const { installedIn } = subject?.deployed ?? here;
      if (installedIn === undefined) return failed('not installed', 'npm ci');
      // Whose project it is, decides where its developers have it.
      if (hasFirebaseCli()) return ok('found on PATH');
      return failed('not installed', 'npm install --save-dev firebase-tools');
    }
    const have = installed.data.version;
    const want = wanted.data?.devDependencies['firebase-tools'];
    if (want === undefined || have === want) return ok(`${have}, run as npx firebase`);
    return warning(`${have}, but package.json asks for ${want}`, 'npm ci');
  },
});
