/** The made-up project of everything that is measured. */
export const PROJECT = 'tiki-bridge-bench';

/** The project's and the Tini App's settings, for every process under measurement. */
export const PROJECT_ENV: Readonly<Record<string, string>> = {
  GCLOUD_PROJECT: PROJECT,
  FIREBASE_CONFIG: JSON.stringify({ projectId: PROJECT }),
  TIKI_CLIENT_KEY: 'bench-client-key',
  TIKI_CLIENT_SECRET: 'bench-client-secret',
};
