import {
  type AuditQuestion,
  EntitlementError,
  openUsers,
} from '../../../../functions/src/operator';
import { signIn } from '../credentials';
import { readFile } from '../deployment';
import { type GoogleRefusal, openGoogleApi } from '../doctor/google/api';
import { prepareClients } from '../premium/prepare-clients';
import { createProgress } from '../premium/progress';
import { printable } from '../printable';
import { adoptEmulators } from '../running-emulators';
import { say, warn } from '../say';
import { CALL_TIMEOUT_MS, chooseTarget, type Target } from '../target';
import type { AuditOptions } from './command';
import { type Logins, readLogins } from './logins';
import { describeTrail } from './report';

/** Undefined: emulators have none. */
async function loginsOf(
  { kind, projectId }: Target,
  question: AuditQuestion,
): Promise<Logins | GoogleRefusal | undefined> {
  if (kind === 'emulators') return undefined;
  const session = await signIn(CALL_TIMEOUT_MS);
  if (session.kind !== 'signed-in') return { kind: 'unauthenticated' };
  const world = { fetch, timeoutMs: CALL_TIMEOUT_MS };
  return readLogins(openGoogleApi(world, session, projectId), projectId, question, Date.now());
}

/**
 * @returns the exit code
 * @throws UsageError
 */
export async function carryOutAudit(
  question: AuditQuestion,
  options: AuditOptions,
): Promise<number> {
  await adoptEmulators(options.project, process.env, readFile);
  const target = chooseTarget(options.project, process.env, readFile);
  say(target.description);
  const progress = createProgress();
  try {
    const by = await progress.watch('Google', () => prepareClients(target, process.env));
    const { projectId } = target;
    const users = await openUsers({ projectId, databaseUrl: undefined, buckets: [], by });
    try {
      const [entries, logins] = await progress.watch('Google', () =>
        Promise.all([users.auditTrail(question), loginsOf(target, question)]),
      );
      const { lines, notes, isComplete } = describeTrail(entries, logins);
      say(lines.join('\n'));
      for (const note of notes) warn(note);
      return isComplete ? 0 : 1;
    } finally {
      await users.close();
    }
  } catch (error) {
    const isOurs = error instanceof EntitlementError;
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    warn(printable(isOurs ? error.message : text));
    return 1;
  }
}
