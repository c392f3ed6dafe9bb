import { z } from 'zod';
import { secretName, sh } from '../../../../../functions/src/operator';
import { defineCheck, type Known } from '../check';
import { deploy, setSecret } from '../commands';
import { failed, ok, type Verdict, warning } from '../finding';
import { faultOfSecret, readProjectParameters, SECRET } from '../parameters';
import type { GoogleAnswer, GoogleApi } from './api';
import { cannotLook } from './cannot-look';
import type { SecretReference } from './function-shape';

const versionSchema = z
  .object({
    name: z.string().regex(/\/versions\/\d+$/),
    // Google omits empty fields.
    payload: z.object({ data: z.base64().default('') }).default({ data: '' }),
  })
  .transform(({ name, payload }) => ({
    version: name.split('/').at(-1) ?? '',
    // Invalid UTF-8 becomes a character that no secret may contain.
    value: Buffer.from(payload.data, 'base64').toString('utf8'),
  }));
type SecretVersion = z.output<typeof versionSchema>;

type Facts = Known<'subject' | 'projectId' | 'google'>;

/** https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access */
export function readSecret(
  google: GoogleApi,
  { projectId, secret, version }: Omit<SecretReference, 'key'>,
): Promise<GoogleAnswer<SecretVersion>> {
  return google.get(
    `https://secretmanager.googleapis.com/v1/projects/${projectId}/secrets/${secret}/versions/${version}:access`,
    versionSchema,
  );
}

/** The version that the function was deployed with; before a deployment, the latest. */
function referenceIn({ deployed, projectId, subject }: Facts) {
  if (!deployed) {
    return { projectId, secret: secretName(SECRET, subject.deployed), version: 'latest' };
  }
  return deployed.secrets.find(({ key }) => key === SECRET);
}

async function judge(facts: Facts, reference: Omit<SecretReference, 'key'>): Promise<Verdict> {
  const { subject, projectId, google } = facts;
  const set = setSecret(subject);
  const answer = await readSecret(google, reference);
  if (answer.kind === 'not-found') return failed(`there is no secret ${SECRET}`, set);
  if (answer.kind === 'precondition') {
    return failed(`version ${reference.version} of ${SECRET} is disabled or destroyed`, set);
  }
  if (answer.kind !== 'data') {
    const grant =
      sh`gcloud secrets add-iam-policy-binding ${reference.secret} --project ${reference.projectId} ` +
      sh`--member ${google.member} --role roles/secretmanager.secretAccessor`;
    return cannotLook(answer, { google, projectId, what: `the secret ${SECRET}`, role: { grant } });
  }
  const { value, version } = answer.data;
  const fault = faultOfSecret(value);
  if (fault !== undefined) return failed(fault, set);
  // The previous secret may stand below it.
  const [clientSecret = ''] = value.split('\n');
  const known = { clientSecret };
  if (reference.version !== 'latest') {
    const latest = await readSecret(google, { ...reference, version: 'latest' });
    if (latest.kind === 'data' && latest.data.version !== version) {
      return warning(
        `the function uses version ${version} of ${SECRET}, the newest is ${latest.data.version}`,
        deploy('functions', subject),
        known,
      );
    }
  }
  return ok(`${SECRET} is there and well-formed (version ${version})`, known);
}

export const secret = defineCheck({
  name: 'secret',
  title: 'Client secret',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google'],
  gives: 'clientSecret',
  look: async (world, facts) => {
    const { subject, deployed } = facts;
    const reference = referenceIn(facts);
    if (reference) return judge(facts, reference);
    const set = setSecret(subject);
    const plain = deployed?.environment[SECRET];
    if (!plain) return failed(`the function was deployed without ${SECRET}`, set);
    return failed(
      `${SECRET} is a plain parameter of the function: whoever may look at the function can read it`,
      `# take it out of ${readProjectParameters(world, subject).file}; the secret counts as known: renew it in Tini Console\n${set}`,
    );
  },
});
