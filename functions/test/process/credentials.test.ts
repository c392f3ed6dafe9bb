import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { type GoogleFakes, startGoogleFakes } from '@tiki-bridge/testing/google/google-fakes';

const PROGRAM = path.join(__dirname, 'support/thousand-callers.ts');
const PRELOAD = require.resolve('@tiki-bridge/testing/google/map-hosts.cjs');
const OTHER = 'other@tiki-bridge-test.iam.gserviceaccount.com';

let google: GoogleFakes;
beforeEach(async () => {
  google = await startGoogleFakes();
  google.addAccount('other');
});
afterEach(() => google.close());

/** Of a process that knows no token yet. */
async function askThousandTimes(): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--require', PRELOAD, '--import', 'tsx', PROGRAM],
    {
      env: {
        PATH: process.env['PATH'],
        ...google.env,
        MAP_HOSTS: JSON.stringify(google.mapHosts),
        KEY_FILE: google.keyFile,
        CALLER: google.account.email,
        IMPERSONATED: OTHER,
      },
    },
  );
  return JSON.parse(stdout) as Record<string, unknown>;
}

const paths = (calls: readonly { readonly path: string }[]) =>
  calls.map((call) => call.path.replace(/^.*[/:](?=\w+(?:\?|$))/, '').replace(/\?.*/, '')).sort();

it('makes one request for 1,000 callers of each kind of token, from each source', async () => {
  const found = await askThousandTimes();

  expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, 1])));
  expect(Object.keys(found)).toHaveLength(6);
  // The second access token is for the impersonating calls, both of them.
  expect(paths(google.metadata.calls)).toEqual(['identity', 'token', 'token']);
  expect(paths(google.oauth.calls)).toEqual(['token', 'token']);
  expect(paths(google.iam.calls)).toEqual(['generateAccessToken', 'generateIdToken']);
});

it('tells what is down, and which command lets one account act as another', async () => {
  await google.metadata.refuse();
  expect(await askThousandTimes()).toMatchObject({
    'metadata access': { code: 'upstream-unavailable' },
    'metadata id': { code: 'upstream-unavailable' },
    'key access': 1,
    'key id': 1,
    'impersonation access': { code: 'upstream-unavailable' },
  });

  await google.metadata.accept();
  google.iam.setFault('permission-denied');
  const denied = {
    code: 'signing-denied',
    remedy:
      `gcloud iam service-accounts add-iam-policy-binding ${OTHER} ` +
      `--member serviceAccount:${google.account.email} ` +
      '--role roles/iam.serviceAccountTokenCreator --project demo',
  };
  expect(await askThousandTimes()).toMatchObject({
    'metadata access': 1,
    'impersonation access': denied,
    'impersonation id': denied,
  });
});
