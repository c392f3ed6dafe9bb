import { deadlineIn, systemClock } from '../clock';
import { createUsers } from './users';

it('takes a token that is none for nobody’s, without asking Google', async () => {
  await Promise.all([import('firebase-admin/app'), import('firebase-admin/auth')]);
  const users = createUsers({ projectId: 'tiki-shop', service: 'sessions', tokens: undefined });
  const deadline = deadlineIn(60_000, systemClock);

  for (const token of ['', 'canary', 'a.b.c']) {
    expect(await users.verify(token, true, deadline)).toBeUndefined();
  }
});

it('tells a server outside of Google Cloud how to get credentials', async () => {
  const before = process.env['GOOGLE_APPLICATION_CREDENTIALS'];
  process.env['GOOGLE_APPLICATION_CREDENTIALS'] = '/no/such/file.json';
  // Loaded here, because jest takes longer for it than a call may.
  await Promise.all([import('firebase-admin/app'), import('firebase-admin/auth')]);
  const users = createUsers({ projectId: 'tiki-shop', service: 'sessions', tokens: undefined });

  await expect(
    users.signOutEverywhere('tiki:1', deadlineIn(60_000, systemClock)),
  ).rejects.toMatchObject({
    code: 'misconfigured',
    extras: {
      operator: {
        remedy: expect.stringContaining('gcloud auth application-default login') as string,
      },
    },
  });
  if (before === undefined) delete process.env['GOOGLE_APPLICATION_CREDENTIALS'];
  else process.env['GOOGLE_APPLICATION_CREDENTIALS'] = before;
});
