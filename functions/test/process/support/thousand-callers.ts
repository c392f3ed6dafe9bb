// A program: asks for each kind of token from each source, 1,000 times at once. Prints as JSON how many
// different tokens there were, or why there was none.
import { credentialsFor, openCredentials } from '../../../src/google/open-credentials';
import type { Credentials } from '../../../src/google/credentials';
import { explainTokenFailure } from '../../../src/google/token-failure';
import { systemClock } from '../../../src/clock';
import { httpClient } from '../../../src/upstream/http-client';

const SERVICE = 'https://api-abc.a.run.app';
const { KEY_FILE = '', CALLER = '', IMPERSONATED = '' } = process.env;
const ON_CLOUD_RUN = { K_SERVICE: 'auth' };

const open = (env: NodeJS.ProcessEnv) => openCredentials(env, httpClient(systemClock), systemClock);
const sources: Readonly<Record<string, () => Credentials>> = {
  metadata: () => open(ON_CLOUD_RUN),
  key: () => open({ GOOGLE_APPLICATION_CREDENTIALS: KEY_FILE }),
  impersonation: () => credentialsFor(ON_CLOUD_RUN, IMPERSONATED),
};
const kinds = {
  access: (credentials: Credentials) => credentials.accessToken(),
  id: (credentials: Credentials) => credentials.idToken(SERVICE),
};

async function differentTokens(ask: () => Promise<{ readonly accessToken: string }>) {
  try {
    const answers = await Promise.all(Array.from({ length: 1_000 }, ask));
    return new Set(answers.map(({ accessToken }) => accessToken)).size;
  } catch (error) {
    const accounts = { signsAs: IMPERSONATED, callsAs: CALLER, projectId: 'demo' };
    const { code, extras } = explainTokenFailure(error, 'no token', accounts);
    return { code, ...extras.operator };
  }
}

async function main(): Promise<void> {
  const found: Record<string, unknown> = {};
  for (const [source, opened] of Object.entries(sources)) {
    const credentials = opened();
    for (const [kind, ask] of Object.entries(kinds)) {
      found[`${source} ${kind}`] = await differentTokens(() => ask(credentials));
    }
  }
  console.log(JSON.stringify(found));
}
void main();
