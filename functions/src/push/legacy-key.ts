import { Problem } from '../problem';

/** `AAAA`, the sender's number in base64url, `:APA91b`, and some 130 characters. */
const SERVER_KEY = /^\s*["']?AAAA[\w-]{3,20}:APA91b[\w-]+["']?\s*$/;

/** The usual name, also for a key of the oldest form, which looks like a Web API key. */
const NAME = 'FCM_SERVER_KEY';

/**
 * The name of the variable that holds a server key of FCM's legacy APIs, which Google switched off in
 * 2024. Nothing can be sent with it, but whoever finds one should revoke it.
 */
export function legacyKeyIn(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env[NAME]) return NAME;
  return Object.keys(env).find((name) => SERVER_KEY.test(env[name] ?? ''));
}

/** For an operator; never quotes the key. */
export function explainLegacyKey(name: string) {
  return {
    cause: `${name} is a server key of FCM's legacy APIs, which are shut down`,
    remedy:
      `remove ${name} from the environment and from functions/.env*: sending needs no key, only the ` +
      'role roles/firebasecloudmessaging.admin; see docs/push.md#from-the-legacy-apis',
  } as const;
}

/** @throws Problem `misconfigured` */
export function refuseLegacyKey(env: Readonly<Record<string, string | undefined>>): void {
  const name = legacyKeyIn(env);
  if (name !== undefined) throw new Problem('misconfigured', { operator: explainLegacyKey(name) });
}
