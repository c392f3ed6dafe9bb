import { jsonAnswer } from '@tiki-bridge/testing/google/loopback-fake';
import { clinicForEachTest } from '../fakes/clinic';
import { apiDisabled, AT, denied } from '../fakes/google';
import { ACCESS_TOKEN } from '../fakes/internet';
import type { GoogleSession } from '../../credentials';

const clinic = clinicForEachTest();

const LOGIN = 'gcloud auth application-default login';

describe('the credentials', () => {
  const find = (session: GoogleSession) =>
    clinic.find('google-credentials', {}, { signIn: () => Promise.resolve(session) });

  it.each<[GoogleSession['kind'], string]>([
    ['none', LOGIN],
    ['refused', LOGIN],
    ['unreadable', `unset GOOGLE_APPLICATION_CREDENTIALS\n${LOGIN}`],
  ])('fail when they are %s, with the command that gets some', async (kind, remedy) => {
    // These kinds have no further fields.
    expect(await find({ kind } as GoogleSession)).toMatchObject({ state: 'failed', remedy });
  });

  it('are not checked when Google cannot be asked', async () => {
    expect(await find({ kind: 'no-answer' })).toMatchObject({ state: 'not-checked' });
  });

  it('are named by the service account they belong to', async () => {
    const email = 'ci@tiki-shop.iam.gserviceaccount.com';
    const session = { kind: 'signed-in', accessToken: 'x', isUser: false, email } as const;
    expect(await find(session)).toMatchObject({
      state: 'ok',
      message: `Application Default Credentials of ${email}`,
    });
  });
});

it.each([
  ['for this project with a person’s credentials', true, 'tiki-shop'],
  ['for its own with a service account’s', false, null],
])('lets requests count %s', async (_, isUser, quotaProject) => {
  const seen: (string | null)[] = [];
  await clinic.find(
    'project',
    {},
    {
      signIn: () =>
        Promise.resolve({ kind: 'signed-in', accessToken: ACCESS_TOKEN, isUser, email: undefined }),
      fetch: (url, init) => {
        if (new URL(url).hostname.endsWith('.googleapis.com')) {
          seen.push(new Headers(init.headers).get('x-goog-user-project'));
        }
        return clinic.internet.fetch(url, init);
      },
    },
  );
  expect(seen.length).toBeGreaterThan(5);
  expect(new Set(seen)).toEqual(new Set([quotaProject]));
});

describe('the project', () => {
  it.each([
    ['is unknown to Google', jsonAnswer(404, { error: { code: 404, status: 'NOT_FOUND' } })],
    ['may not be seen, as Google says of unknown ones too', denied],
  ])('fails when it %s', async (_, answer) => {
    const finding = await clinic.find('project', { [AT.project]: answer });
    expect(finding).toMatchObject({
      state: 'failed',
      message: 'there is no project tiki-shop, or your credentials may not see it',
    });
    expect(finding?.remedy).toMatch(/^gcloud projects list .*\n.*--role roles\/browser$/);
  });

  it('fails when it is being deleted', async () => {
    const answer = jsonAnswer(200, { name: 'projects/4711', state: 'DELETE_REQUESTED' });
    expect(await clinic.find('project', { [AT.project]: answer })).toMatchObject({
      state: 'failed',
      message: 'tiki-shop is not active: DELETE_REQUESTED',
      remedy: 'gcloud projects undelete tiki-shop',
    });
  });

  it('is taken to exist, and the rest is checked, when only the API that tells is disabled', async () => {
    const routes = { [AT.project]: apiDisabled('cloudresourcemanager.googleapis.com') };
    const findings = await clinic.examine(routes);
    expect(findings.find(({ check }) => check === 'project')).toMatchObject({
      state: 'not-checked',
      remedy: 'gcloud services enable cloudresourcemanager.googleapis.com --project tiki-shop',
    });
    expect(findings.find(({ check }) => check === 'function')?.state).toBe('ok');
  });
});
