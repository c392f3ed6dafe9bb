import { z } from 'zod';
import { parseSessionParameters, Problem, sh } from '../../../../../functions/src/operator';
import { defineCheck, type Known } from '../check';
import { deploy } from '../commands';
import type { Subject } from '../facts';
import { failed, ok, type Verdict, warning } from '../finding';
import { readProjectParameters } from '../parameters';
import { cannotLook } from './cannot-look';
import { lookForFunction } from './deployed-function';
import type { DeployedFunction } from './function-shape';
import { readSecret } from './secret';
import { KEYS, notDeployed, setKeys } from './session-keys';

/** For a project that has no keys, or whose keys are no good. */
const newKeys = (subject: Subject): string =>
  `${setKeys(subject)}\n${deploy('functions:tiki-bridge:sessions', subject)}`;

/** What the function's own parser says, without quoting a value; undefined: nothing is wrong. */
function faultOf(environment: DeployedFunction['environment'], keys: string): string | undefined {
  try {
    parseSessionParameters({ GCLOUD_PROJECT: 'some-project', ...environment, [KEYS]: keys });
    return environment['WEB_API_KEY'] ? undefined : 'WEB_API_KEY is not set';
  } catch (error) {
    if (error instanceof Problem) return error.extras.operator?.cause ?? error.code;
    throw error;
  }
}

const fieldSchema = z.object({
  ttlConfig: z.object({ state: z.string().regex(/^[A-Z_]+$/) }).optional(),
});

/** https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.collectionGroups.fields/get */
async function judgeStore({
  google,
  projectId,
  subject,
}: Known<'google' | 'projectId' | 'subject'>) {
  const answer = await google.get(
    `https://firestore.googleapis.com/v1/projects/${projectId}/databases/(default)/collectionGroups/handOvers/fields/expiresAt`,
    fieldSchema,
  );
  if (answer.kind === 'not-found') {
    return failed(
      'there is no Firestore database for hand-over codes',
      sh`gcloud firestore databases create --location asia-southeast1 --project ${projectId}\n` +
        deploy('firestore', subject),
    );
  }
  if (answer.kind !== 'data') {
    const role = 'roles/datastore.viewer';
    return cannotLook(answer, {
      google,
      projectId,
      what: 'the TTL field of hand-over codes',
      role,
    });
  }
  return answer.data.ttlConfig
    ? ok('sessions is deployed and configured')
    : warning(
        'expiresAt of handOvers is no TTL field: codes that nobody traded are never deleted',
        // Without the rules, which may be those of the app.
        deploy('firestore:indexes', subject),
      );
}

async function judge(
  found: DeployedFunction,
  facts: Known<'google' | 'projectId' | 'subject'>,
  file: string,
): Promise<Verdict> {
  const { google, projectId, subject } = facts;
  const reference = found.secrets.find(({ key }) => key === KEYS);
  if (!reference) return failed(`sessions was deployed without ${KEYS}`, newKeys(subject));
  const secret = await readSecret(google, reference);
  if (secret.kind === 'not-found' || secret.kind === 'precondition') {
    return failed(
      `version ${reference.version} of ${KEYS} is not there any more`,
      newKeys(subject),
    );
  }
  if (secret.kind !== 'data') {
    const grant =
      sh`gcloud secrets add-iam-policy-binding ${reference.secret} --project ${reference.projectId} ` +
      sh`--member ${google.member} --role roles/secretmanager.secretAccessor`;
    return cannotLook(secret, { google, projectId, what: `the secret ${KEYS}`, role: { grant } });
  }
  const fault = faultOf(found.environment, secret.data.value);
  if (fault === undefined) return judgeStore(facts);
  const correct = `# correct ${file}, then\n${deploy('functions:tiki-bridge:sessions', subject)}`;
  return failed(fault, fault.startsWith(KEYS) ? newKeys(subject) : correct);
}

/** The function for web sessions, in projects that have some. */
export const sessions = defineCheck({
  name: 'sessions',
  title: 'Web sessions',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google'],
  gives: 'sessions',
  look: async (world, facts) => {
    const { subject } = facts;
    const { file, values } = readProjectParameters(world, subject);
    const verdict = await lookForFunction('sessions', facts, (found) => ({ sessions: found }));
    const found = verdict.facts?.sessions;
    if (verdict.state === 'ok' && found) {
      return { ...(await judge(found, facts, file)), facts: { sessions: found } };
    }
    if (found || verdict.state !== 'failed') return verdict;
    return values?.['WEB_ORIGINS']
      ? notDeployed('sessions', `${verdict.message}, although ${file} sets WEB_ORIGINS`, facts)
      : ok('not needed: WEB_ORIGINS is not set');
  },
});
