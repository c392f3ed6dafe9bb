import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** The major version in the output of `java -version`: 17 for "17.0.15", 8 for "1.8.0_392". */
export function parseJavaVersion(text: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(text);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

export interface Java {
  readonly command: string;
  readonly major: number;
}

/** Java from JAVA_HOME, otherwise from PATH. Ignores macOS's placeholder `java`. */
export function findJava(env: NodeJS.ProcessEnv): Java | undefined {
  const home = env['JAVA_HOME'];
  for (const command of [...(home ? [path.join(home, 'bin', 'java')] : []), 'java']) {
    const run = spawnSync(command, ['-version'], { env, encoding: 'utf8', timeout: 15_000 });
    const major = run.status === 0 ? parseJavaVersion(run.stderr + run.stdout) : undefined;
    if (major !== undefined) return { command, major };
  }
  return undefined;
}
