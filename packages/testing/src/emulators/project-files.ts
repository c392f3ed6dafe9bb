import { readFileSync } from 'node:fs';
import path from 'node:path';

export const PROJECT_ROOT = path.resolve(__dirname, '../../../..');
/** firebase-tools never calls Google for a project whose id starts with "demo-". */
export const PROJECT_ID = 'demo-tiki-bridge';

/** The parts of firebase.json that the emulators read. */
export interface FirebaseJson {
  readonly functions: readonly { readonly runtime: string; readonly codebase: string }[];
  readonly hosting: {
    readonly public: string;
    readonly ignore: readonly string[];
    readonly rewrites: readonly unknown[];
  };
  readonly emulators: {
    readonly auth: { readonly port: number };
    readonly functions: { readonly port: number };
    readonly hosting: { readonly port: number };
    readonly firestore?: { readonly port: number };
  };
}

export function readFirebaseJson(): FirebaseJson {
  const text = readFileSync(path.join(PROJECT_ROOT, 'firebase.json'), 'utf8');
  // Our own file, covered by the tests that start the emulators with it.
  return JSON.parse(text) as FirebaseJson;
}

/** `NAME=value` lines, without comments and blank lines. */
export function parseDotenv(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^([A-Z_][A-Z0-9_]*)=(.*)$/.exec(line.trim());
    if (match?.[1] !== undefined) values[match[1]] = match[2] ?? '';
  }
  return values;
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The inverse, quoted and escaped for firebase-tools. */
export function formatDotenv(values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(([name, value]) => {
    const escaped = value.replace(/["\\\n\r\t]/g, (found) => ESCAPES[found] ?? `\\${found}`);
    return `${name}="${escaped}"\n`;
  });
  return lines.join('');
}

/** The committed parameters of the demo project; its own override those of all projects. */
export function readDemoParameters(): Record<string, string> {
  const read = (name: string) =>
    parseDotenv(readFileSync(path.join(PROJECT_ROOT, 'functions', name), 'utf8'));
  return { ...read('.env'), ...read(`.env.${PROJECT_ID}`) };
}
