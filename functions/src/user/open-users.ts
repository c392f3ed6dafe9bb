import type { Users, UsersProject } from './connect-users';

/**
 * Users of a real project (Application Default Credentials), or of the emulators that the environment
 * names. Loads Google's clients only now.
 */
export async function openUsers(project: UsersProject): Promise<Users> {
  const { connectUsers } = await import('./connect-users.js');
  return connectUsers(project);
}
