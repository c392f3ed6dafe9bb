import { TimeUp } from '../../clock';
import {
  explainStoreFailure,
  StoreRefusal,
  StoreUnreachable,
  UnknownProject,
} from './store-failure';

const refusal = (status: number, code: string, message: string, reason?: string) =>
  new StoreRefusal(
    status,
    JSON.stringify({
      error: { code: status, message, status: code, ...(reason && { details: [{ reason }] }) },
    }),
  );
const explain = (error: unknown) => explainStoreFailure(error, 'shop');

describe('explainStoreFailure', () => {
  it.each([
    [
      refusal(
        403,
        'PERMISSION_DENIED',
        'Cloud Firestore API has not been used in project 1 before or it is disabled.',
        'SERVICE_DISABLED',
      ),
      'The Cloud Firestore API is disabled in this project',
      'gcloud services enable firestore.googleapis.com --project shop',
    ],
    [
      refusal(404, 'NOT_FOUND', 'The database (default) does not exist for project shop'),
      'This project has no Firestore database',
      'gcloud firestore databases create --location asia-southeast1 --project shop',
    ],
    [
      refusal(
        400,
        'FAILED_PRECONDITION',
        'The Cloud Firestore API is not available for Firestore in Datastore Mode database x.',
      ),
      'The database of this project is in Datastore mode, which keeps no documents',
      'set RATE_LIMIT_STORE=memory in functions/.env.shop (or .env.<alias>, if you have that), ' +
        'then `npx firebase deploy --only functions:auth --project shop` (or the alias)',
    ],
    [
      refusal(403, 'PERMISSION_DENIED', 'Missing or insufficient permissions.'),
      'The account that this service runs as may not write to Firestore',
      'gcloud projects add-iam-policy-binding shop --role roles/datastore.user --member ' +
        'serviceAccount:$(gcloud run services describe auth --region asia-southeast1 ' +
        "--project shop --format 'value(spec.template.spec.serviceAccountName)')",
    ],
  ])('knows how to fix %s', (error, cause, remedy) => {
    expect(explain(error)).toEqual({ cause, remedy });
  });

  it.each([
    [refusal(401, 'UNAUTHENTICATED', 'Invalid credentials'), 'no usable Application Default'],
    [new Error('Could not load the default credentials.'), 'no usable Application Default'],
    [new Error('Could not refresh access token: Not Found'), 'no usable Application Default'],
    [refusal(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.'), 'quota of Firestore is used up'],
    [new UnknownProject(), 'id of this project is not known'],
    [refusal(409, 'ABORTED', 'Too much contention'), 'Firestore answered 409'],
    [new TimeUp(300), 'Counting in Firestore took longer than 300 ms'],
    [new StoreUnreachable('ECONNREFUSED'), 'cannot be reached (ECONNREFUSED)'],
    [new StoreUnreachable('UNKNOWN'), 'cannot be reached (UNKNOWN)'],
    [new SyntaxError('canary in what was read'), 'Counting in Firestore failed'],
    ['thrown', 'Counting in Firestore failed'],
  ])('has a cause and a remedy for %s', (error, cause) => {
    const note = explain(error);
    expect(note.cause).toContain(cause);
    expect(note.remedy).not.toBe('');
    expect(JSON.stringify(note)).not.toMatch(/canary|undefined/);
  });
});
