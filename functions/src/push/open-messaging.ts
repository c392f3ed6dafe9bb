import { randomUUID } from 'node:crypto';
import { initializeApp } from 'firebase-admin/app';
import { getMessaging, type Messaging } from 'firebase-admin/messaging';
import type { LogEntry } from 'firebase-functions/logger';
import type { Credentials } from '../google/credentials';
import { credentialFrom } from '../google/signer';
import { explainTokenFailure } from '../google/token-failure';
import { attemptOf } from './fcm';

/** Google gave no access token; the reason is in the log. */
class NoAccessToken extends Error {
  override readonly name = 'NoAccessToken';
  readonly code = 'no-access-token';
}

function isRefusedToken(error: unknown): boolean {
  const attempt = attemptOf(error);
  return attempt.kind === 'try-later' && attempt.code === 'no-credentials';
}

/**
 * FCM with our own access tokens, whose wait is bounded: firebase-admin's credentials keep a call to
 * the metadata server that hangs, and all later sends wait for it. A token that FCM refuses is
 * dropped, so that the next round has a new one.
 */
export function openMessaging(
  credentials: Credentials,
  projectId: string,
  log: (entry: LogEntry) => void,
): Pick<Messaging, 'sendEach'> {
  const tokens = credentials.accessTokens();
  const app = initializeApp({ credential: credentialFrom(tokens), projectId }, randomUUID());
  const messaging = getMessaging(app);

  async function currentToken(): Promise<string> {
    try {
      return await tokens.current();
    } catch (error) {
      const email = await credentials.email().catch(() => undefined);
      const accounts = { signsAs: email, callsAs: email, projectId };
      const problem = explainTokenFailure(error, 'Google gave no access token for FCM', accounts);
      const { operator } = problem.extras;
      log({ severity: 'ERROR', message: `push: ${problem.code}`, ...(operator && { operator }) });
      throw new NoAccessToken();
    }
  }

  return {
    sendEach: async (messages) => {
      const token = await currentToken();
      const sent = await messaging.sendEach(messages);
      if (sent.responses.some(({ error }) => isRefusedToken(error))) tokens.drop(token);
      return sent;
    },
  };
}
