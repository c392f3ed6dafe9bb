import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';

interface Role {
  readonly role: string;
  readonly on: string;
  readonly why: string;
}

/** The table of infra/access.json. */
export interface Access {
  readonly features: Readonly<Record<string, string>>;
  readonly apis: readonly { readonly api: string; readonly feature: string }[];
  readonly secrets: readonly { readonly secret: string; readonly features: readonly string[] }[];
  readonly functions: Readonly<
    Record<string, { readonly account: string; readonly feature: string }>
  >;
  readonly grants: readonly (Role & { readonly function: string; readonly feature: string })[];
  readonly builder: { readonly role: string; readonly why: string };
  readonly deployer: { readonly account: string; readonly roles: readonly Role[] };
}

export const ACCESS = JSON.parse(
  readFileSync(path.join(PROJECT_ROOT, 'infra/access.json'), 'utf8'),
) as Access;
