import { AxiosError } from 'axios';
import type { OperatorNote } from '../../problem';
import { TimeUp } from '../../within';

/** Firestore answered, but did not count. */
export class StoreRefusal extends Error {
  override readonly name = 'StoreRefusal';

  constructor(
    readonly status: number,
    /** Its words: matched against, never logged. */
    readonly body: string,
  ) {
    super(`Firestore answered ${status}`);
  }
}

/** Nobody says whose Firestore to count in. */
export class UnknownProject extends Error {
  override readonly name = 'UnknownProject';
}

interface Explanation {
  readonly pattern: RegExp;
  readonly cause: string;
  readonly remedy: (project: string) => string;
}

const withoutStore = (project: string): string =>
  `set RATE_LIMIT_STORE=memory in functions/.env.${project}, then ` +
  'firebase deploy --only functions:auth';

/** What an operator can mend, known by what Google's answers say. Read top to bottom. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /SERVICE_DISABLED|Cloud Firestore API has not been used/,
    cause: 'The Cloud Firestore API is disabled in this project',
    remedy: (project) => `gcloud services enable firestore.googleapis.com --project ${project}`,
  },
  {
    pattern: /Datastore Mode/i,
    cause: 'The database of this project is in Datastore mode, which keeps no documents',
    remedy: withoutStore,
  },
  {
    pattern: /database \S+ does not exist/i,
    cause: 'This project has no Firestore database',
    remedy: (project) =>
      `gcloud firestore databases create --location asia-southeast1 --project ${project}`,
  },
  {
    pattern: /PERMISSION_DENIED/,
    cause: 'The account that this service runs as may not write to Firestore',
    remedy: (project) =>
      `gcloud projects add-iam-policy-binding ${project} --role roles/datastore.user --member ` +
      'serviceAccount:$(gcloud run services describe auth --region asia-southeast1 ' +
      `--project ${project} --format 'value(spec.template.spec.serviceAccountName)')`,
  },
  {
    pattern: /UNAUTHENTICATED|Could not load the default credentials|invalid_grant|access token/,
    cause: 'There are no usable Application Default Credentials',
    remedy: () =>
      'on Google Cloud: deploy with a service account that exists; elsewhere: ' +
      'export GOOGLE_APPLICATION_CREDENTIALS=<key file>, or gcloud auth application-default login',
  },
  {
    pattern: /RESOURCE_EXHAUSTED/,
    cause: 'A quota of Firestore is used up',
    remedy: (project) =>
      `see https://console.cloud.google.com/iam-admin/quotas?project=${project}, or ${withoutStore(project)}`,
  },
];

function wordsOf(error: unknown): string {
  if (error instanceof StoreRefusal) return error.body;
  return error instanceof Error ? error.message : '';
}

function unexplained(error: unknown): string {
  if (error instanceof TimeUp) return `Counting in Firestore ${error.message}`;
  if (error instanceof StoreRefusal) return error.message;
  if (error instanceof AxiosError)
    return `Firestore cannot be reached (${error.code ?? 'UNKNOWN'})`;
  return 'Counting in Firestore failed';
}

/** What is wrong with the store, for the operator, and how to mend it or to do without. */
export function explainStoreFailure(
  error: unknown,
  project: string,
): Required<Pick<OperatorNote, 'cause' | 'remedy'>> {
  if (error instanceof UnknownProject) {
    return {
      cause: 'The id of this project is not known',
      remedy: 'set GCLOUD_PROJECT=<project>, as the Firebase CLI does when it deploys',
    };
  }
  const words = wordsOf(error);
  const known = EXPLANATIONS.find(({ pattern }) => pattern.test(words));
  return known
    ? { cause: known.cause, remedy: known.remedy(project) }
    : { cause: unexplained(error), remedy: `if this goes on: ${withoutStore(project)}` };
}
