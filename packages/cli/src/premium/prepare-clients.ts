import { once } from 'node:events';
import net from 'node:net';
import { type Actor, EntitlementError } from '../../../../functions/src/operator';
import { explainSession, signIn } from '../credentials';
import { operatorName } from '../operator-name';
import { CALL_TIMEOUT_MS, type Target } from '../target';

async function requireListener(host: string, port: number): Promise<void> {
  const socket = net.connect(port, host);
  try {
    await once(socket, 'connect');
  } catch {
    const message = `Nothing listens at ${host}:${port}. Are the emulators running?`;
    throw new EntitlementError('store-unavailable', message);
  } finally {
    socket.destroy();
  }
}

async function prepareForEmulators(
  [host = '']: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Actor> {
  const { hostname, port } = new URL(`http://${host}`);
  env['METADATA_SERVER_DETECTION'] = 'none';
  // Emulators are not reached through a proxy, and nothing else is asked. gRPC and the client of the
  // Realtime Database read these variables, each in its own way and with its own exceptions.
  const proxies = Object.keys(env).filter((name) => /^(?:grpc|https?|all)_proxy$/i.test(name));
  for (const name of proxies) Reflect.deleteProperty(env, name);
  // Firestore's client would retry a refused connection until its time is up.
  await requireListener(hostname.replace(/^\[|\]$/g, ''), Number(port));
  return 'operator';
}

async function prepareForProject(projectId: string, env: NodeJS.ProcessEnv): Promise<Actor> {
  const session = await signIn(CALL_TIMEOUT_MS);
  if (session.kind !== 'signed-in') {
    const { message, remedy = '' } = explainSession(session);
    const steps = remedy
      .split('\n')
      .map((line) => (line.startsWith('# ') ? line.slice(2) : line && `run ${line}`));
    const lines = [message, ...steps].filter((line) => line !== '');
    throw new EntitlementError('store-unavailable', lines.join('; '));
  }
  // A person's login belongs to no project, and Google requires one for the quota: without it, calls
  // fail with 403, "requires a quota project". gcloud stores it with the login only if it has a
  // default project. A service account needs none, and may lack the permission to name one.
  if (session.isUser && !session.quotaProject) env['GOOGLE_CLOUD_QUOTA_PROJECT'] = projectId;
  return operatorName(session);
}

/**
 * Makes sure that the target can be reached, and sets what Google's clients read from the environment
 * when they are loaded.
 *
 * @returns who acts, for the audit trail
 * @throws EntitlementError `store-unavailable`
 */
export async function prepareClients(
  { kind, hosts, projectId }: Pick<Target, 'kind' | 'hosts' | 'projectId'>,
  env: NodeJS.ProcessEnv,
): Promise<Actor> {
  return kind === 'emulators' ? prepareForEmulators(hosts, env) : prepareForProject(projectId, env);
}
