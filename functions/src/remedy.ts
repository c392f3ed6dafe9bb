/** Needs no quotes in any shell. Excludes `=` and `~`, which some shells expand at the start of a word. */
const PLAIN = /^[\w@%+:,./-]+$/;

/** Control, format (such as bidirectional overrides) and separator characters, and half a pair. */
export const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/**
 * A value as one word of a POSIX shell. A value that a terminal would not show as it is becomes a
 * placeholder, so that a command with it fails instead of doing something that nobody has read.
 */
export function shellQuote(value: string): string {
  if (INVISIBLE.test(value)) return "'<unprintable>'";
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * Tag of every command that is printed to be pasted: quotes each value, so that a name which a
 * stranger chose stays a word. Commands are joined without it.
 */
export function sh(text: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: text }, ...values.map(shellQuote));
}

/**
 * The steps that change a parameter. A project that has an alias in .firebaserc may keep its
 * parameters in `.env.<alias>`: the Firebase CLI refuses a second file for it, and reads that one only
 * if it is called with the alias.
 *
 * @param what What to set, such as `set A=1`.
 * @param only What to deploy afterwards, as `--only` takes it.
 * @param projectId Undefined: `<project>`, which the log fills in.
 */
export function setParameters(what: string, only: string, projectId?: string): string {
  const project = projectId === undefined ? '<project>' : shellQuote(projectId);
  return (
    `${what} in functions/.env.${project} (or .env.<alias>, if you have that), then ` +
    `\`npx firebase deploy --only ${only} --project ${project}\` (or the alias)`
  );
}

const SET_CLOCK: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'sudo sntp -sS time.apple.com',
  win32: 'w32tm /resync',
};

/** The command that sets the clock of a machine. A virtual machine's is behind after its host slept. */
export function setClock(platform: NodeJS.Platform): string {
  return SET_CLOCK[platform] ?? 'sudo timedatectl set-ntp true   # in WSL: sudo hwclock -s';
}
