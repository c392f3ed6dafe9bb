import { z } from 'zod';
import { parseJson } from '../ask';
import { defineCheck } from '../check';
import { readDotenv } from '../dotenv';
import { failed, notChecked, ok } from '../finding';
import { faultOfSecret, parseParameters, readParameterFiles, SECRET } from '../parameters';
import type { World } from '../world';

const LOCAL_SECRETS = 'functions/.secret.local';

const firebasercSchema = z.object({ projects: z.object({ default: z.string() }) });

/** The project that the Firebase CLI takes unless told; `demo-…` for the emulators. */
function defaultProject(world: World): string | undefined {
  const content = parseJson(world.readFile('.firebaserc') ?? '');
  return firebasercSchema.safeParse(content).data?.projects.default;
}

/** Files that hold the secret in the open: they are read by the CLI, and often committed. */
function filesWithSecret(world: World): string[] {
  return world
    .listFiles('functions')
    .filter((name) => name === '.env' || name.startsWith('.env.'))
    .map((name) => `functions/${name}`)
    .filter((path) => readDotenv(world.readFile(path) ?? '')[SECRET] !== undefined);
}

/** functions/.env* and .secret.local, as the emulators and the next deployment will read them. */
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
          `npx firebase functions:secrets:set ${SECRET} --project ${subject?.projectId ?? '<project>'}`,
      );
    }
    const local = readDotenv(world.readFile(LOCAL_SECRETS) ?? '')[SECRET];
    const fault = local === undefined ? undefined : faultOfSecret(local);
    if (fault !== undefined)
      return failed(`${LOCAL_SECRETS}: ${fault}`, `# correct ${LOCAL_SECRETS}`);
    const projectId = subject?.projectId ?? defaultProject(world);
    if (projectId === undefined) {
      return notChecked('no default project in .firebaserc', 'npx firebase use --add');
    }
    const name = `functions/.env.${projectId}`;
    const environment = readParameterFiles(world, projectId);
    if (environment === undefined) {
      // What is deployed may have to go into it.
      if (subject) return notChecked(`there is no ${name}, see "Parameters"`);
      return notChecked(`there is no ${name}`, `echo 'TIKI_CLIENT_KEY=<client key>' > ${name}`);
    }
    const parsed = parseParameters(environment);
    if ('faults' in parsed) return failed(`${name}: ${parsed.faults}`, `# correct ${name}`);
    return ok(`${name} is well-formed`);
  },
});
