import { EntitlementError, type EntitlementErrorCode } from './entitlement-error';
import { explainUnfinished } from './unfinished';

function explain(code: EntitlementErrorCode, cause: unknown) {
  return explainUnfinished(new EntitlementError(code, `Our message for ${code}`, cause), 'shop');
}
const google = (message: string, code: unknown = 7) => Object.assign(new Error(message), { code });
const BY_HAND = 'npm run premium -- reconcile --fix --project shop';
const grant = (role: string) =>
  `gcloud projects add-iam-policy-binding shop --role ${role} --member ` +
  'serviceAccount:$(gcloud run services describe reconcilepremium --region asia-southeast1 ' +
  "--project shop --format 'value(spec.template.spec.serviceAccountName)')";

describe('explainUnfinished', () => {
  it.each<[EntitlementErrorCode, Error | undefined, string, string]>([
    [
      'store-unavailable',
      google('7 PERMISSION_DENIED: Missing or insufficient permissions.'),
      'The account that this service runs as may not write to Firestore',
      grant('roles/datastore.user'),
    ],
    [
      'store-unavailable',
      google('8 RESOURCE_EXHAUSTED: Quota exceeded.', 8),
      'A quota of Firestore is used up',
      'https://console.cloud.google.com/iam-admin/quotas?project=shop',
    ],
    ['store-unavailable', undefined, 'Our message for store-unavailable', BY_HAND],
    [
      'account-unavailable',
      google('canary', 'auth/insufficient-permission'),
      'The account that this service runs as may not write to Firebase Auth',
      grant('roles/firebaseauth.admin'),
    ],
    [
      'account-unavailable',
      google('canary', 'auth/configuration-not-found'),
      'Firebase Authentication is not set up in this project',
      'https://console.firebase.google.com/project/shop/authentication',
    ],
    [
      'account-unavailable',
      google('canary', 'auth/internal-error'),
      'Our message for account-unavailable',
      BY_HAND,
    ],
    [
      'mirror-unavailable',
      undefined,
      'Calls to the Realtime Database of PREMIUM_DATABASE_URL fail',
      'npx firebase deploy --only functions --project shop',
    ],
  ])('has a cause and a remedy for %s, %s', (code, error, cause, remedy) => {
    const unfinished = explain(code, error);
    expect(unfinished).toEqual({
      kind: 'failed',
      operator: { cause, remedy: expect.stringContaining(remedy) as string },
    });
    expect(JSON.stringify(unfinished)).not.toMatch(/canary|undefined/);
  });

  it('does not leak an unknown error', () => {
    expect(explainUnfinished(new TypeError('canary'), 'shop')).toEqual({
      kind: 'failed',
      operator: {
        cause: 'Reconciliation failed',
        remedy: expect.stringContaining(BY_HAND) as string,
      },
    });
  });
});
