import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { jsonAnswer } from '@tiki-bridge/testing/google/loopback-fake';
import { clinicForEachTest } from '../fakes/clinic';
import {
  AT,
  denied,
  functionJson,
  googleError,
  MEMBER,
  policyJson,
  RUNTIME_ACCOUNT,
} from '../fakes/google';
import { ACCESS_TOKEN } from '../fakes/internet';

const OWN = 'tiki-auth@tiki-shop.iam.gserviceaccount.com';
const SET_UP = 'infra/setup.sh --project tiki-shop --apply';

const clinic = clinicForEachTest();

const TOKEN_CREATOR = 'roles/iam.serviceAccountTokenCreator';
const POLICY = AT.accountPolicy(RUNTIME_ACCOUNT);
const GRANT =
  `gcloud iam service-accounts add-iam-policy-binding ${RUNTIME_ACCOUNT} ` +
  `--member ${MEMBER} --role ${TOKEN_CREATOR} --project tiki-shop`;

describe('the IAM Credentials API', () => {
  it('fails when it is disabled', async () => {
    const routes = { [AT.iamCredentialsApi]: jsonAnswer(200, { state: 'DISABLED' }) };
    expect(await clinic.find('iam-credentials-api', routes)).toMatchObject({
      state: 'failed',
      remedy: 'gcloud services enable iamcredentials.googleapis.com --project tiki-shop',
    });
  });
});

describe('the runtime account', () => {
  const find = (answer: ReturnType<typeof jsonAnswer>) =>
    clinic.find('runtime-account', { [AT.account(RUNTIME_ACCOUNT)]: answer });

  it('fails when it does not exist', async () => {
    expect(await find(googleError(404, 'NOT_FOUND'))).toMatchObject({
      state: 'failed',
      message: `the function runs as ${RUNTIME_ACCOUNT}, which does not exist`,
    });
  });

  it('fails when it is disabled', async () => {
    expect(await find(jsonAnswer(200, { email: RUNTIME_ACCOUNT, disabled: true }))).toMatchObject({
      state: 'failed',
      remedy: `gcloud iam service-accounts enable ${RUNTIME_ACCOUNT} --project tiki-shop`,
    });
  });

  it.each(['4711-compute@developer.gserviceaccount.com', 'tiki-shop@appspot.gserviceaccount.com'])(
    'is warned of when it is a default account: %s',
    async (email) => {
      const routes = {
        [AT.function]: functionJson({ serviceAccountEmail: email }),
        [AT.account(email)]: jsonAnswer(200, { email }),
      };
      const finding = await clinic.find('runtime-account', routes);
      expect(finding?.state).toBe('warning');
      expect(finding?.remedy).toContain(SET_UP);
      expect(existsSync(join(PROJECT_ROOT, 'infra/setup.sh'))).toBe(true);
    },
  );

  it('is set up in the region where the functions are', async () => {
    const region = 'europe-west1';
    const email = 'tiki-shop@appspot.gserviceaccount.com';
    const routes = {
      [AT.function.replace('asia-southeast1', region)]: functionJson({
        serviceAccountEmail: email,
      }),
      [AT.account(email)]: jsonAnswer(200, { email }),
    };
    const finding = await clinic.find('runtime-account', routes, {}, { region });
    expect(finding?.remedy).toContain(
      'infra/setup.sh --project tiki-shop --region europe-west1 --apply',
    );
  });

  it.each([
    ['its own key', {}, [SET_UP]],
    [
      'the key of an account that is named',
      { SIGNING_SERVICE_ACCOUNT: 'signer@tiki-shop.iam.gserviceaccount.com' },
      [
        SET_UP,
        'gcloud iam service-accounts add-iam-policy-binding signer@tiki-shop.iam.gserviceaccount.com ' +
          `--member serviceAccount:${OWN} --role roles/iam.serviceAccountTokenCreator ` +
          '--project tiki-shop',
      ],
    ],
    [
      'its own key, and counts in Firestore',
      { RATE_LIMIT_STORE: 'firestore' },
      ['infra/setup.sh --project tiki-shop --with shared-rate-limit --apply'],
    ],
  ])('can be given all it needs before it signs with %s', async (_, parameters, commands) => {
    const email = '4711-compute@developer.gserviceaccount.com';
    const environmentVariables = { TIKI_CLIENT_KEY: 'k', ...parameters };
    const routes = {
      [AT.function]: functionJson({ serviceAccountEmail: email, environmentVariables }),
      [AT.account(email)]: jsonAnswer(200, { email }),
    };
    const finding = await clinic.find('runtime-account', routes);
    expect(finding?.remedy?.split('\n')).toEqual([
      ...commands,
      'npx firebase deploy --only functions:tiki-bridge:auth --project tiki-shop',
    ]);
  });

  it('may be hidden from the caller without keeping the right to sign from being checked', async () => {
    const findings = await clinic.examine({ [AT.account(RUNTIME_ACCOUNT)]: denied });
    expect(findings.find(({ check }) => check === 'sign-blob')?.state).toBe('ok');
  });
});

describe('the right to sign, read from the policies', () => {
  const onProject = (role: string) => ({
    [POLICY]: policyJson(),
    [AT.projectPolicy]: policyJson({ role, members: ['user:a@example.com', MEMBER] }),
  });

  it('is found on the account itself', async () => {
    expect(await clinic.find('sign-blob')).toMatchObject({
      state: 'ok',
      message: expect.stringContaining(`by ${TOKEN_CREATOR} on the account (deny`) as string,
    });
  });

  it('is found on the project', async () => {
    expect(await clinic.find('sign-blob', onProject(TOKEN_CREATOR))).toMatchObject({
      state: 'ok',
      message: expect.stringContaining(`by ${TOKEN_CREATOR} on the project`) as string,
    });
  });

  it('fails when nobody has it, with the command that grants it', async () => {
    expect(await clinic.find('sign-blob', { [POLICY]: policyJson() })).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('(it has no role there)') as string,
      remedy: GRANT,
    });
  });

  it('fails when somebody else has it', async () => {
    const members = ['serviceAccount:other@tiki-shop.iam.gserviceaccount.com', `deleted:${MEMBER}`];
    const routes = { [POLICY]: policyJson({ role: TOKEN_CREATOR, members }) };
    expect(await clinic.find('sign-blob', routes)).toMatchObject({
      state: 'failed',
      remedy: GRANT,
    });
  });

  it.each(['roles/owner', 'roles/editor', 'roles/iam.serviceAccountUser'])(
    'does not come with %s',
    async (role) => {
      const finding = await clinic.find('sign-blob', onProject(role));
      expect(finding).toMatchObject({ state: 'failed', remedy: GRANT });
      expect(finding?.message).toContain(`what it has does not allow it: ${role}`);
    },
  );

  it.each(['roles/firebase.sdkAdminServiceAgent', 'projects/tiki-shop/roles/signer'])(
    'is looked up in what %s contains',
    async (role) => {
      const includedPermissions = ['a.b.c', 'iam.serviceAccounts.signBlob'];
      const withIt = { [AT.role(role)]: jsonAnswer(200, { includedPermissions }) };
      expect((await clinic.find('sign-blob', { ...onProject(role), ...withIt }))?.state).toBe('ok');
      const without = { [AT.role(role)]: jsonAnswer(200, { includedPermissions: ['a.b.c'] }) };
      expect((await clinic.find('sign-blob', without))?.state).toBe('failed');
    },
  );

  it('is not checked when it hangs on a role that cannot be read', async () => {
    const role = 'organizations/99/roles/signer';
    const routes = { ...onProject(role), [AT.role(role)]: denied };
    expect(await clinic.find('sign-blob', routes)).toMatchObject({
      state: 'not-checked',
      message: expect.stringContaining(role) as string,
    });
  });

  it('is warned of under a condition', async () => {
    const condition = { title: 'office hours', expression: 'true' };
    const routes = { [POLICY]: policyJson({ role: TOKEN_CREATOR, members: [MEMBER], condition }) };
    expect(await clinic.find('sign-blob', routes)).toMatchObject({
      state: 'warning',
      message: expect.stringContaining('under a condition only') as string,
      remedy: GRANT,
    });
  });

  it.each([
    ['account', POLICY],
    ['project', AT.projectPolicy],
  ])(
    'is not checked when the policy of the %s may not be read and the other is empty',
    async (_, route) => {
      const routes = { [POLICY]: policyJson(), [AT.projectPolicy]: policyJson(), [route]: denied };
      const finding = await clinic.find('sign-blob', routes);
      expect(finding?.state).toBe('not-checked');
      expect(finding?.remedy).toMatch(/--role roles\/iam\.securityReviewer$/);
    },
  );

  it('is not checked when a policy is of an unknown shape or does not come', async () => {
    const garbage = { status: 200, body: '{"bindings":[{"role":7}]}' };
    const routes = { [POLICY]: garbage, [AT.projectPolicy]: policyJson() };
    expect(await clinic.find('sign-blob', routes)).toMatchObject({ state: 'not-checked' });
    const hanging = { [POLICY]: 'hang' } as const;
    const finding = await clinic.find('sign-blob', hanging, { timeoutMs: 500 });
    expect(finding?.message).toContain('no answer within 0.5 s');
  });

  it('is enough where it is found, though the other policy may not be read', async () => {
    expect(await clinic.find('sign-blob', { [AT.projectPolicy]: denied })).toMatchObject({
      state: 'ok',
    });
  });
});

describe('the right to sign as another account', () => {
  const signer = 'signer@tiki-keys.iam.gserviceaccount.com';
  const deployed = functionJson({
    environmentVariables: { TIKI_CLIENT_KEY: 'k', SIGNING_SERVICE_ACCOUNT: signer },
  });
  const binding = { role: TOKEN_CREATOR, members: [MEMBER] };
  const ofOtherProject =
    'POST cloudresourcemanager.googleapis.com/v3/projects/tiki-keys:getIamPolicy';

  it('is looked for on that account', async () => {
    const routes = { [AT.function]: deployed, [AT.accountPolicy(signer)]: policyJson(binding) };
    expect(await clinic.find('sign-blob', routes)).toMatchObject({
      state: 'ok',
      message: expect.stringContaining(`${RUNTIME_ACCOUNT} may sign as ${signer}`) as string,
    });
  });

  it('is looked for in the project of that account', async () => {
    const routes = {
      [AT.function]: deployed,
      [AT.accountPolicy(signer)]: policyJson(),
      [ofOtherProject]: policyJson(binding),
    };
    expect(await clinic.find('sign-blob', routes)).toMatchObject({ state: 'ok' });
  });

  it('fails with the command for that account', async () => {
    const routes = {
      [AT.function]: deployed,
      [AT.accountPolicy(signer)]: policyJson(),
      [ofOtherProject]: policyJson(),
    };
    expect(await clinic.find('sign-blob', routes)).toMatchObject({
      state: 'failed',
      remedy:
        `gcloud iam service-accounts add-iam-policy-binding ${signer} ` +
        `--member ${MEMBER} --role ${TOKEN_CREATOR} --project tiki-keys`,
    });
  });

  it('is never an option of the command', async () => {
    const environmentVariables = {
      TIKI_CLIENT_KEY: 'k',
      SIGNING_SERVICE_ACCOUNT: '--flags-file@tiki-keys.iam.gserviceaccount.com',
    };
    const routes = {
      [AT.function]: functionJson({ environmentVariables }),
      [AT.accountPolicy(RUNTIME_ACCOUNT)]: policyJson(),
    };
    const finding = await clinic.find('sign-blob', routes);
    expect(finding?.remedy).toContain(`add-iam-policy-binding ${RUNTIME_ACCOUNT} `);
  });

  it('fails when that account does not exist', async () => {
    const finding = await clinic.find('sign-blob', { [AT.function]: deployed });
    expect(finding).toMatchObject({
      state: 'failed',
      message: `${signer}, which should sign, does not exist`,
    });
    expect(finding?.remedy).toContain('correct SIGNING_SERVICE_ACCOUNT');
  });
});

describe('the right to sign, asked for as the runtime account itself', () => {
  const signIn = () =>
    Promise.resolve({
      kind: 'signed-in',
      accessToken: ACCESS_TOKEN,
      isUser: false,
      email: RUNTIME_ACCOUNT,
    } as const);
  const rights = (permissions?: readonly string[]) => ({
    [AT.ownRights(RUNTIME_ACCOUNT)]: jsonAnswer(200, { ...(permissions && { permissions }) }),
  });

  it('is what IAM says, whatever the policies look like', async () => {
    const routes = { ...rights(['iam.serviceAccounts.signBlob']), [POLICY]: denied };
    expect(await clinic.find('sign-blob', routes, { signIn })).toMatchObject({
      state: 'ok',
      message: expect.stringContaining('IAM says so itself') as string,
    });
  });

  it('fails when IAM denies it, though a policy seems to grant it', async () => {
    expect(await clinic.find('sign-blob', rights(), { signIn })).toMatchObject({
      state: 'failed',
      remedy: GRANT,
    });
  });

  it('is read from the policies when IAM does not answer that', async () => {
    const routes = { [AT.ownRights(RUNTIME_ACCOUNT)]: denied };
    expect(await clinic.find('sign-blob', routes, { signIn })).toMatchObject({
      state: 'ok',
      message: expect.stringContaining('on the account') as string,
    });
  });
});
