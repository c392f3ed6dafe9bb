import { describeFailure } from '../../src/push/failure';

const CALLER = { projectId: 'shop', service: 'pushnotification' };

it.each([
  [
    '9 FAILED_PRECONDITION: The query requires a COLLECTION_GROUP_ASC index for collection devices and field token. You can create it here: https://console.firebase.google.com/x',
    'npx firebase deploy --only firestore:indexes --project shop',
  ],
  [
    '9 FAILED_PRECONDITION: The query requires an index. You can create it here: https://console.firebase.google.com/x',
    'npx firebase deploy --only firestore:indexes --project shop',
  ],
  ['7 PERMISSION_DENIED: Missing or insufficient permissions.', 'roles/datastore.user'],
  [
    '5 NOT_FOUND: The database (default) does not exist for project shop',
    'gcloud firestore databases create',
  ],
])('%s has a remedy', (words, remedy) => {
  expect(describeFailure(new Error(words), CALLER, [])).toMatchObject({
    severity: 'ERROR',
    operator: { remedy: expect.stringContaining(remedy) as unknown },
  });
});

it('describes what it does not know, without secrets', () => {
  const described = describeFailure(new Error('cannot write hush'), CALLER, ['hush']);

  expect(described).toMatchObject({ severity: 'WARNING' });
  expect(JSON.stringify(described)).not.toContain('hush');
});
