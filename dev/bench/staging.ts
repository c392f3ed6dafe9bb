import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const PACKAGES = resolve(__dirname, '../../functions/node_modules');

export interface Staging {
  /** Folder of the do-nothing function, with the bridge's own packages within reach. */
  readonly hello: string;
  /** PEM file with the upstreams' authority. */
  readonly caFile: string;
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
  return {
    hello,
    caFile,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
