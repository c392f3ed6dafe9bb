import { z } from 'zod';
import { accountDomain, sh } from '../../../../../functions/src/operator';
import type { Environment } from '../../parameters';
import { DEFAULT_REGION } from '../../deployment';
import { defineCheck } from '../check';
import { deploy } from '../commands';
import type { Subject } from '../facts';
import { failed, ok, warning } from '../finding';
import { cannotLook } from './cannot-look';
import { accountEmail } from './function-shape';
import { TOKEN_CREATOR } from './signing-grants';

const DEFAULT_ACCOUNT =
  /^\d+-compute@developer\.gserviceaccount\.com$|@appspot\.gserviceaccount\.com$/;

const accountSchema = z.object({ email: z.string(), disabled: z.boolean().optional() });

/**
 * The next deployment makes the function run as its own account, which has to be there before, and may
 * have to sign as another.
 */
function accountOfItsOwn(subject: Subject, environment: Environment, signer?: string): string {
  const { projectId, region } = subject;
  const email = `tiki-auth@${accountDomain(projectId)}`;
  const counts = environment['RATE_LIMIT_STORE'] === 'firestore';
  const setUp = [
    sh`infra/setup.sh --project ${projectId}`,
    ...(region === DEFAULT_REGION ? [] : [sh`--region ${region}`]),
    ...(counts ? ['--with shared-rate-limit'] : []),
    '--apply',
  ];
  return [
    setUp.join(' '),
    ...(signer === undefined
      ? []
      : [
          sh`gcloud iam service-accounts add-iam-policy-binding ${signer} ` +
            sh`--member serviceAccount:${email} --role ${TOKEN_CREATOR} --project ${projectId}`,
        ]),
    deploy('functions:tiki-bridge:auth', subject),
  ].join('\n');
}

/** https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/get */
export const runtimeAccount = defineCheck({
  name: 'runtime-account',
  title: 'Runtime account',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google', 'deployed'],
  gives: 'accounts',
  look: async (_world, { subject, projectId, google, deployed }) => {
    const callsAs = deployed.runtimeAccount;
    const named = accountEmail.safeParse(deployed.environment['SIGNING_SERVICE_ACCOUNT']).data;
    const facts = { accounts: { callsAs, signsAs: named ?? callsAs } };
    const answer = await google.get(
      `https://iam.googleapis.com/v1/projects/-/serviceAccounts/${callsAs}`,
      accountSchema,
    );
    if (answer.kind === 'not-found') {
      return failed(
        `the function runs as ${callsAs}, which does not exist`,
        deploy('functions:tiki-bridge:auth', subject),
      );
    }
    if (answer.kind !== 'data') {
      const role = 'roles/iam.serviceAccountViewer';
      return cannotLook(answer, { google, projectId, what: 'the runtime account', role, facts });
    }
    if (answer.data.disabled === true) {
      return failed(
        `the function runs as ${callsAs}, which is disabled`,
        sh`gcloud iam service-accounts enable ${callsAs} --project ${projectId}`,
        facts,
      );
    }
    if (DEFAULT_ACCOUNT.test(callsAs)) {
      return warning(
        `${callsAs} is the default account, which may do more than sign`,
        accountOfItsOwn(subject, deployed.environment, named),
        facts,
      );
    }
    return ok(callsAs, facts);
  },
});
