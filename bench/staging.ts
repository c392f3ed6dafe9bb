import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeServiceAccount } from '@tiki-bridge/testing/google/service-account';
import { PROJECT } from './project';

const PACKAGES = resolve(__dirname, '../functions/node_modules');

export interface Staging {
  /** Folder of the do-nothing function, with the bridge's own packages within reach. */
  readonly hello: string;
  /** PEM file with the upstreams' authority. */
  readonly caFile: string;
  /** A service account's key file, for signing locally. */
  readonly keyFile: string;
  remove(): void;
}

/** Puts what the processes under measurement need as files into a temporary folder. */
export function stage(caPem: string): Staging {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const hello = join(folder, 'hello');
  cpSync(join(__dirname, 'targets/hello'), hello, { recursive: true });
  symlinkSync(PACKAGES, join(hello, 'node_modules'), 'junction');
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, caPem);
  const keyFile = join(folder, 'key.json');
  const account = makeServiceAccount('signer', PROJECT);
  writeFileSync(keyFile, JSON.stringify(account.keyFile), { mode: 0o600 });
  return {
    hello,
    caFile,
    keyFile,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
