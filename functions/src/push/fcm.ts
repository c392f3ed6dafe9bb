import type { BatchResponse, Message, Messaging } from 'firebase-admin/messaging';
import { TimeUp, within } from '../clock';
import { grantRole } from '../google/firestore-failure';
import { NO_CREDENTIALS } from '../google/no-credentials';
import { codeOf } from '../google/error-code';
import type { OperatorNote } from '../problem';
import { sh } from '../remedy';
import type { Attempt } from './delivery';

/** All attempts of one call, in ms. The SDK repeats a request up to four times after a 503. */
const SEND_MS = 30_000;

/** FCM's token is not in use any more: the app was uninstalled, or the token was replaced. */
export const UNREGISTERED = 'registration-token-not-registered';

/** Codes of the Admin SDK that another attempt would not change. */
const FINAL: ReadonlySet<string> = new Set([
  UNREGISTERED,
  'invalid-argument',
  'invalid-payload',
  'invalid-recipient',
  'invalid-registration-token',
  'mismatched-credential',
  'payload-size-limit-exceeded',
  'third-party-auth-error',
]);

interface Explanation {
  readonly code: string;
  readonly pattern: RegExp;
  readonly note: (projectId: string) => OperatorNote;
}

/**
 * Faults of the project, which the SDK reports as faults of the device: a missing role as
 * `mismatched-credential`, for example. Recognised by FCM's words; tried again, because the operator
 * may fix them within the hour.
 */
const PROJECT_FAULTS: readonly Explanation[] = [
  {
    code: 'api-disabled',
    pattern: /SERVICE_DISABLED|Cloud Messaging API has not been used/,
    note: (projectId) => ({
      cause: 'The Firebase Cloud Messaging API is disabled in this project',
      remedy: sh`gcloud services enable fcm.googleapis.com --project ${projectId}`,
    }),
  },
  {
    code: 'denied',
    pattern: /cloudmessaging\.messages\.create/,
    note: (projectId) => ({
      cause: 'The account that this function runs as may not send messages',
      remedy: grantRole('roles/firebasecloudmessaging.admin', {
        projectId,
        service: 'pushnotification',
      }),
    }),
  },
  {
    code: 'no-credentials',
    pattern:
      /invalid authentication credentials|Could not load the default credentials|invalid_grant|fetch a valid Google OAuth2 access token|invalid-credential/,
    note: () => NO_CREDENTIALS,
  },
];

/** What the operator has to do about a code. */
export function explain(code: string, projectId: string): OperatorNote | undefined {
  if (code === 'third-party-auth-error') {
    return {
      cause: 'Apple or a web push service refuses this project',
      remedy:
        'upload a valid APNs key, and check the web push certificate, at ' +
        `https://console.firebase.google.com/project/${projectId}/settings/cloudmessaging`,
    };
  }
  return PROJECT_FAULTS.find((fault) => fault.code === code)?.note(projectId);
}

/** FCM's code, without the name of the SDK's part. */
function fcmCodeOf(error: unknown): string {
  if (error instanceof TimeUp) return 'timeout';
  const code = codeOf(error);
  return typeof code === 'string' ? code.replace(/^[a-z]+\//, '') : 'unknown-error';
}

/** What an error of the SDK means for one device. */
export function attemptOf(error: unknown): Attempt {
  const words = error instanceof Error ? error.message : '';
  const fault = PROJECT_FAULTS.find(({ pattern }) => pattern.test(words));
  if (fault) return { kind: 'try-later', code: fault.code };
  const code = fcmCodeOf(error);
  return FINAL.has(code) ? { kind: 'answered', result: code } : { kind: 'try-later', code };
}

/**
 * After GOAWAY or a broken session the SDK rejects the whole call, although FCM has taken some of the
 * messages. The error carries the promise of what became of each.
 */
async function pendingIn(error: unknown): Promise<BatchResponse | undefined> {
  const pending: unknown =
    error instanceof Error ? Reflect.get(error, 'pendingBatchResponse') : undefined;
  // Public in the SDK's documentation, but its class is not exported as a value.
  return pending instanceof Promise ? (pending as Promise<BatchResponse>) : undefined;
}

/**
 * Sends messages through FCM's HTTP v1 API, all on one HTTP/2 session. At most a user's ten devices,
 * so a call stays far below the 100 streams beyond which FCM ends the session (GOAWAY).
 *
 * @returns One attempt for each message, in their order. Never rejects.
 */
export async function sendAll(
  messaging: Pick<Messaging, 'sendEach'>,
  messages: readonly Message[],
): Promise<readonly Attempt[]> {
  const work = messaging.sendEach([...messages]).catch(async (error: unknown) => {
    const pending = await pendingIn(error);
    if (pending) return pending;
    throw error;
  });
  try {
    const { responses } = await within(SEND_MS, work);
    return responses.map(({ success, error }) =>
      success ? { kind: 'answered', result: 'sent' } : attemptOf(error),
    );
  } catch (error) {
    return messages.map(() => attemptOf(error));
  }
}
