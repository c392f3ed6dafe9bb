import type { LogEntry } from 'firebase-functions/logger';
import type { Messaging } from 'firebase-admin/messaging';
import type { Clock } from '../clock';
import { deliver, Undelivered } from './deliver';
import type { Summary } from './delivery';
import { describeFailure } from './failure';
import { explain, sendAll } from './fcm';
import { messageTo } from './message';
import type { NotificationId, NotificationStore, StoredNotification } from './store';

export interface SendSettings {
  readonly store: NotificationStore;
  readonly messaging: Pick<Messaging, 'sendEach'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: (entry: LogEntry) => void;
  readonly projectId: string;
}

const MALFORMED = {
  cause: 'The notification is not of the documented shape',
  remedy: 'write a title and a body, and a path that begins with one slash; see docs/push.md',
};

/** The SDK has always one response for each message. */
const NO_ANSWER = { kind: 'try-later', code: 'no-answer' } as const;

function finishedEntry(name: NotificationId, summary: Summary, projectId: string): LogEntry {
  const codes = Object.keys(summary.failures);
  const operator =
    summary.skipped === 'malformed'
      ? MALFORMED
      : codes.map((code) => explain(code, projectId)).find((note) => note !== undefined);
  return {
    severity: operator ? 'ERROR' : 'INFO',
    message: `push: ${summary.skipped ?? 'sent'}`,
    ...name,
    ...summary,
    ...(operator && { operator }),
  };
}

function unfinishedEntry(
  name: NotificationId,
  error: unknown,
  { projectId, tokens }: { readonly projectId: string; readonly tokens: readonly string[] },
): LogEntry {
  const message = 'push: not finished; the event is delivered again';
  if (!(error instanceof Undelivered)) {
    const caller = { projectId, service: 'pushnotification' };
    return { message, ...name, ...describeFailure(error, caller, tokens) };
  }
  const { codes } = error;
  const operator = codes.map((code) => explain(code, projectId)).find((it) => it !== undefined);
  const severity = operator ? 'ERROR' : 'WARNING';
  return { severity, message, ...name, codes, ...(operator && { operator }) };
}

/**
 * Sends one notification to its user's devices. May run twice at once, and again after it failed.
 *
 * @throws Error if the event is to be delivered again; it quotes no token.
 */
export async function sendNotification(
  name: NotificationId,
  { store, messaging, clock, random, log, projectId }: SendSettings,
): Promise<void> {
  let seen: StoredNotification | undefined;
  const current = (): StoredNotification => {
    if (!seen) throw new Error('Nothing was read');
    return seen;
  };
  await deliver({
    read: async () => {
      seen = await store.read(name, clock.now());
      if (seen) await store.forgetOutdated(seen);
      return seen;
    },
    send: async (devices) => {
      const { content, delivery } = current();
      if (!content) throw new Error('Nothing to send');
      const messages = devices.map((it) => messageTo(it, name, content, delivery.createdAt));
      const attempts = await sendAll(messaging, messages);
      return new Map(devices.map(({ key }, index) => [key, attempts[index] ?? NO_ANSWER]));
    },
    record: (results) => store.record(current(), results),
    finish: async (summary) => {
      const isFinished = await store.finish(current(), summary, clock.now());
      if (isFinished) log(finishedEntry(name, summary, projectId));
      return isFinished;
    },
    clock,
    random,
  }).catch((error: unknown) => {
    const tokens = seen?.devices.map(({ token }) => token) ?? [];
    log(unfinishedEntry(name, error, { projectId, tokens }));
    // The original may quote what was sent.
    throw new Error('push: not finished');
  });
}
