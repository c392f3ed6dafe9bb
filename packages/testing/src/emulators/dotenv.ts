import { requireOfFirebaseCli } from './firebase-cli';

/** The part of firebase-tools that is used here. */
interface FirebaseEnv {
  /** `errors`: lines that are neither `NAME=value` nor a comment, as they stand in the file. */
  parse(text: string): { envs: Record<string, string>; errors: string[] };
  /** @throws an Error that names the key and what is wrong with it. */
  validateKey(key: string): void;
}

export interface Dotenv {
  readonly values: Readonly<Record<string, string>>;
  /** Why the Firebase CLI refuses the file; quotes no value. Undefined: it takes the file. */
  readonly fault: string | undefined;
}

function faultOfKey(firebase: FirebaseEnv, key: string): string[] {
  try {
    firebase.validateKey(key);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : `Key ${key} is not allowed.`];
  }
}

/**
 * Reads functions/.env* and .secret.local with the Firebase CLI's own parser.
 *
 * @see parseStrict in firebase-tools/src/functions/env.ts, whose errors quote whole lines
 */
export function parseDotenv(text: string): Dotenv {
  // Loaded on first use, because it takes 0.2 s. The package has no types: the tests hold it to these.
  const firebase = requireOfFirebaseCli()('./lib/functions/env.js') as FirebaseEnv;
  const { envs, errors } = firebase.parse(text);
  const faults = [
    ...(errors.length > 0 ? ['it has lines that are not NAME=value'] : []),
    ...Object.keys(envs).flatMap((key) => faultOfKey(firebase, key)),
  ];
  return { values: envs, fault: faults.length > 0 ? faults.join('; ') : undefined };
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The reverse, quoted and escaped as the Firebase CLI reads it. */
export function formatDotenv(values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(([name, value]) => {
    const escaped = value.replace(/["\\\n\r\t]/g, (found) => ESCAPES[found] ?? `\\${found}`);
    return `${name}="${escaped}"\n`;
  });
  return lines.join('');
}
