/** What programs need to run. None of these can name an account, a project or a proxy. */
const KEPT = [
  'PATH',
  'Path',
  'JAVA_HOME',
  'LANG',
  'LC_ALL',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'SystemDrive',
  'ComSpec',
  'PATHEXT',
] as const;

/**
 * The environment for the emulators: an allow-list of the developer's, so that credentials, project
 * ids, proxies or NODE_ENV in the shell have no effect.
 */
export function cleanEnvironment(
  from: NodeJS.ProcessEnv,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of KEPT) {
    const value = from[name];
    if (value !== undefined) env[name] = value;
  }
  return { ...env, ...extra };
}
