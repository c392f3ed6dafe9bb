import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseCommentedJson } from './commented-json';
import { parseDotenv } from './dotenv';

export const PROJECT_ROOT = path.resolve(__dirname, '../../../..');
/** firebase-tools never calls Google for a project whose id starts with "demo-". */
export const PROJECT_ID = 'demo-tiki-bridge';

/** The parts of firebase.json that the emulators read. */
export interface FirebaseJson {
  readonly functions: readonly {
    readonly source: string;
    readonly codebase: string;
    readonly runtime: string;
    readonly ignore: readonly string[];
    readonly predeploy: readonly string[];
  }[];
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

/** @param folder Default: this project's. Others have no `emulators`. */
export function readFirebaseJson(folder = PROJECT_ROOT): FirebaseJson {
  const text = readFileSync(path.join(folder, 'firebase.json'), 'utf8');
  // Our own files, covered by the tests that start the emulators with it.
  return parseCommentedJson(text) as FirebaseJson;
}

/** The committed parameters of the demo project; its own override those of all projects. */
export function readDemoParameters(): Record<string, string> {
  const read = (name: string) =>
    parseDotenv(readFileSync(path.join(PROJECT_ROOT, 'functions', name), 'utf8')).values;
  return { ...read('.env'), ...read(`.env.${PROJECT_ID}`) };
}
