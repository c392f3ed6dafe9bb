import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';

const SCRIPT = readFileSync(path.join(PROJECT_ROOT, 'infra/audit-log.sh'), 'utf8');
const value = (name: string): string =>
  new RegExp(`^${name}='?(.*?)'?$`, 'm').exec(SCRIPT)?.[1] ?? `no ${name}`;

/** What infra/audit-log.sh says; `bridge audit` asks for the same (logins.test.ts of the CLI). */
export const AUDIT_LOG = {
  bucket: value('bucket'),
  retentionDays: Number(value('retention_days')),
  filter: value('login_filter'),
} as const;
