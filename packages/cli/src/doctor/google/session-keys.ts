import { deploy, firebase } from '../commands';
import type { Known } from '../check';
import { failed, type Verdict } from '../finding';
import type { Project } from '../../project';
import { readSecret } from './secret';

export const KEYS = 'SESSION_KEYS';

/** Stores a key; those before it open nothing any more, which ends all sessions in cookies. */
export function setKeys(project: Project): string {
  const set = firebase(`functions:secrets:set ${KEYS} --data-file -`, project);
  return `openssl rand -base64 32 | ${set}`;
}

/**
 * For a function that is configured and not deployed. It has SESSION_KEYS bound to it, and the
 * Firebase CLI deploys nothing while a secret does not exist: "Failed to validate secret versions".
 *
 * @param why What is missing, and what asks for it.
 */
export async function notDeployed(
  id: 'sessions' | 'backend',
  why: string,
  { google, projectId, subject }: Known<'google' | 'projectId' | 'subject'>,
): Promise<Verdict> {
  const command = deploy(`functions:tiki-bridge:${id},hosting`, subject);
  const secret = await readSecret(google, { projectId, secret: KEYS, version: 'latest' });
  return secret.kind === 'not-found'
    ? failed(`${why}; there is no secret ${KEYS}`, `${setKeys(subject)}\n${command}`)
    : failed(why, command);
}
