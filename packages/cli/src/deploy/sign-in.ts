import { explainSession } from '../credentials';
import { type GoogleApi, openGoogleApi } from '../doctor/google/api';
import type { DeployWorld } from './world';

/** Google's APIs with the credentials of this machine; undefined after it has said why not. */
export async function signInToGoogle(
  world: DeployWorld,
  projectId: string,
): Promise<GoogleApi | undefined> {
  const session = await world.signIn();
  if (session.kind === 'signed-in') return openGoogleApi(world, session, projectId);
  const { message, remedy } = explainSession(session);
  world.say(`Google: ${message}`);
  if (remedy !== undefined) world.say(remedy);
  return undefined;
}
