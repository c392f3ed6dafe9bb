import {
  explainFirestoreFailure,
  grantRole,
  type FirestoreFault,
} from '../google/firestore-failure';
import type { OperatorNote } from '../problem';
import { setParameters, sh } from '../remedy';
import { EntitlementError } from './entitlement-error';
import { codeOf } from '../google/error-code';

/** Without a database there are no entitlements to compare accounts with. */
const NO_DOCUMENTS: ReadonlySet<FirestoreFault> = new Set([
  'api-disabled',
  'datastore-mode',
  'no-database',
]);

/** Why a run did not finish. */
export type Unfinished =
  /** Premium is not in use; a retry would not change that. */
  | { readonly kind: 'nothing-to-do'; readonly cause: string }
  | {
      readonly kind: 'failed';
      readonly operator: Required<Pick<OperatorNote, 'cause' | 'remedy'>>;
    };

/** @param error As thrown by Google's client. */
type Explain = (error: unknown, projectId: string) => Unfinished | undefined;

function failed(cause: string, remedy: string): Unfinished {
  return { kind: 'failed', operator: { cause, remedy } };
}

const SERVICE = 'reconcilepremium';

const explainStore: Explain = (error, projectId) => {
  const message = error instanceof Error ? error.message : '';
  const known = explainFirestoreFailure(message, { projectId, service: SERVICE });
  if (known && NO_DOCUMENTS.has(known.fault)) return { kind: 'nothing-to-do', cause: known.cause };
  return known?.remedy === undefined ? undefined : failed(known.cause, known.remedy);
};

const explainAccounts: Explain = (error, projectId) => {
  switch (codeOf(error)) {
    case 'auth/insufficient-permission':
      return failed(
        'The account that this service runs as may not write to Firebase Auth',
        grantRole('roles/firebaseauth.admin', { projectId, service: SERVICE }),
      );
    case 'auth/configuration-not-found':
      return failed(
        'Firebase Authentication is not set up in this project',
        `"Get started" at https://console.firebase.google.com/project/${projectId}/authentication`,
      );
    default:
      return undefined;
  }
};

const explainMirror: Explain = (_error, projectId) =>
  failed(
    'Calls to the Realtime Database of PREMIUM_DATABASE_URL fail',
    setParameters('correct or clear PREMIUM_DATABASE_URL', 'functions', projectId),
  );

const EXPLAIN: Readonly<Partial<Record<string, Explain>>> = {
  'store-unavailable': explainStore,
  'account-unavailable': explainAccounts,
  'mirror-unavailable': explainMirror,
};

/** What to log about a run that did not finish. */
export function explainUnfinished(error: unknown, projectId: string): Unfinished {
  const isOurs = error instanceof EntitlementError;
  const known = isOurs ? EXPLAIN[error.code]?.(error.cause, projectId) : undefined;
  return (
    known ??
    failed(
      isOurs ? error.message : 'Reconciliation failed',
      'retried automatically; if it keeps failing: ' +
        sh`npm run premium -- reconcile --fix --project ${projectId}`,
    )
  );
}
