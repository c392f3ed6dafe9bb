import { sh } from '../remedy';
import { NO_CREDENTIALS } from './no-credentials';

/** Faults of Firestore that an operator can fix. */
export type FirestoreFault =
  | 'api-disabled'
  | 'datastore-mode'
  | 'no-database'
  | 'no-index'
  | 'denied'
  | 'no-credentials'
  | 'no-quota';

export interface FirestoreFailure {
  readonly fault: FirestoreFault;
  readonly cause: string;
  /** Undefined: there is none. */
  readonly remedy: string | undefined;
}

/** Who called Firestore. */
export interface FirestoreCaller {
  readonly projectId: string;
  /** The Cloud Run service; its name is the function's in lower case. */
  readonly service: string;
}

interface Explanation {
  readonly fault: FirestoreFault;
  readonly pattern: RegExp;
  readonly cause: string;
  readonly remedy: (caller: FirestoreCaller) => string | undefined;
}

/** Gives a role on the project to the account that the function runs as. */
export function grantRole(role: string, { projectId, service }: FirestoreCaller): string {
  return (
    sh`gcloud projects add-iam-policy-binding ${projectId} --role ${role} --member ` +
    sh`serviceAccount:$(gcloud run services describe ${service} --region asia-southeast1 ` +
    sh`--project ${projectId} --format 'value(spec.template.spec.serviceAccountName)')`
  );
}

/** Recognised by the text of Google's answers, REST and gRPC alike. The first match counts. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    fault: 'api-disabled',
    pattern: /SERVICE_DISABLED|Cloud Firestore API has not been used/,
    cause: 'The Cloud Firestore API is disabled in this project',
    remedy: ({ projectId }) =>
      sh`gcloud services enable firestore.googleapis.com --project ${projectId}`,
  },
  {
    fault: 'datastore-mode',
    pattern: /Datastore Mode/i,
    cause: 'The database of this project is in Datastore mode, which keeps no documents',
    remedy: () => undefined,
  },
  {
    fault: 'no-database',
    pattern: /database \S+ does not exist/i,
    cause: 'This project has no Firestore database',
    remedy: ({ projectId }) =>
      sh`gcloud firestore databases create --location asia-southeast1 --project ${projectId}`,
  },
  {
    fault: 'no-index',
    pattern: /requires an? [\w ]*index/,
    cause: 'An index of firestore.indexes.json is missing, or is being built',
    remedy: ({ projectId }) =>
      sh`npx firebase deploy --only firestore:indexes --project ${projectId}`,
  },
  {
    fault: 'denied',
    pattern: /PERMISSION_DENIED/,
    cause: 'The account that this service runs as may not write to Firestore',
    remedy: (caller) => grantRole('roles/datastore.user', caller),
  },
  {
    fault: 'no-credentials',
    pattern: /UNAUTHENTICATED|Could not load the default credentials|invalid_grant|access token/,
    cause: NO_CREDENTIALS.cause,
    remedy: () => NO_CREDENTIALS.remedy,
  },
  {
    fault: 'no-quota',
    pattern: /RESOURCE_EXHAUSTED/,
    cause: 'A quota of Firestore is used up',
    remedy: ({ projectId }) =>
      `see https://console.cloud.google.com/iam-admin/quotas?project=${projectId}`,
  },
];

/**
 * What is wrong with Firestore, if an operator can do something about it.
 *
 * @param words Google's answer: matched against, and not part of the result.
 */
export function explainFirestoreFailure(
  words: string,
  caller: FirestoreCaller,
): FirestoreFailure | undefined {
  const known = EXPLANATIONS.find(({ pattern }) => pattern.test(words));
  return known && { fault: known.fault, cause: known.cause, remedy: known.remedy(caller) };
}
