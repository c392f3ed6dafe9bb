import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeServiceAccount } from '@tiki-bridge/testing/google/service-account';
import { PROJECT } from './project';

const PACKAGES = resolve(__dirname, '../functions/node_modules');

export interface Staging {
  /** Folder of the function that does nothing; it can load the bridge's packages. */
  readonly hello: string;
  /** PEM file with the upstreams' authority. */
  readonly caFile: string;
  /** A service account's key file, for signing locally. */
  readonly keyFile: string;
}

/** Writes the files that the processes under measurement need to a temporary folder. */
export function stage(caPem: string): Staging {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  // On exit, so that nothing can prevent it; the functions' processes write here too.
  process.env['TMPDIR'] = folder;
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const hello = join(folder, 'hello');
  cpSync(join(__dirname, 'targets/hello'), hello, { recursive: true });
  symlinkSync(PACKAGES, join(hello, 'node_modules'), 'junction');
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, caPem);
  const keyFile = join(folder, 'key.json');
  const account = makeServiceAccount('signer', PROJECT);
  writeFileSync(keyFile, JSON.stringify(account.keyFile), { mode: 0o600 });
  return { hello, caFile, keyFile };
}
