import { parseDotenv } from '@tiki-bridge/testing/emulators/dotenv';
import { sh } from '../../../../../functions/src/operator';
import { defaultProject, type Project } from '../../project';
import { UsageError } from '../../usage-error';
import { defineCheck } from '../check';
import { firebase } from '../commands';
import { failed, notChecked, ok } from '../finding';
import { faultOfSecret, parseParameters, readProjectParameters, SECRET } from '../parameters';
import type { World } from '../world';

const LOCAL_SECRETS = 'functions/.secret.local';

function secretIn({ readFile }: World, path: string): string | undefined {
  return parseDotenv(readFile(path) ?? '').values[SECRET];
}

/** Parameter files that contain the secret: they are often committed. */
function filesWithSecret(world: World): string[] {
  return world
    .listFiles('functions')
    .filter((name) => name === '.env' || name.startsWith('.env.'))
    .map((name) => `functions/${name}`)
    .filter((path) => secretIn(world, path) !== undefined);
}

/** The default project, or why .firebaserc cannot tell it. */
function projectOrFault({ readFile }: World): Project | string | undefined {
  try {
    return defaultProject(readFile);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** functions/.env* and .secret.local, as emulators and the next deployment read them. */
export const parameterFiles = defineCheck({
  name: 'parameter-files',
  title: 'Parameter files',
  area: 'This machine',
  needs: [],
  look: (world, { subject }) => {
    const open = filesWithSecret(world);
    if (open.length > 0) {
      return failed(
        `${SECRET} stands in ${open.join(', ')}: it belongs in Secret Manager`,
        `# take it out there; for the emulators it goes to ${LOCAL_SECRETS}\n` +
          (subject
            ? firebase(`functions:secrets:set ${SECRET}`, subject)
            : `npx firebase functions:secrets:set ${SECRET} --project <project>`),
      );
    }
    const local = secretIn(world, LOCAL_SECRETS);
    const fault = local === undefined ? undefined : faultOfSecret(local);
    if (fault !== undefined)
      return failed(`${LOCAL_SECRETS}: ${fault}`, `# correct ${LOCAL_SECRETS}`);
    const project = subject ?? projectOrFault(world);
    if (typeof project === 'string') return failed(project, '# correct .firebaserc');
    if (!project) return notChecked('no default project in .firebaserc', 'npx firebase use --add');
    const { file, values, fault: unread } = readProjectParameters(world, project);
    if (unread !== undefined) {
      return failed(`the Firebase CLI refuses ${unread}`, '# correct it');
    }
    if (values === undefined) {
      // The deployed values may belong in it.
      if (subject) return notChecked(`there is no ${file}, see "Parameters"`);
      const write = sh`echo 'TIKI_CLIENT_KEY=<client key>' > ${file}`;
      return notChecked(`there is no ${file}`, write);
    }
    const parsed = parseParameters(values);
    if ('faults' in parsed) return failed(`${file}: ${parsed.faults}`, `# correct ${file}`);
    return ok(`${file} is well-formed`);
  },
});
