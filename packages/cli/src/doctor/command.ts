import type { Command } from 'commander';
import { z } from 'zod';
import { bridgeSiteId } from '../bridge-site';
import { DEFAULT_REGION, findDeployment, readFile } from '../deployment';
import { readFile as readAny } from '../project-files';
import { findProject, isDemo } from '../project';
import { UsageError } from '../usage-error';
import type { Subject } from './facts';

export interface Examination {
  /** Undefined: this machine only. */
  readonly subject: Subject | undefined;
  readonly json: boolean;
}

export type ExamineAction = (examination: Examination) => Promise<void>;

interface Options {
  readonly project?: string;
  readonly region?: string;
  readonly domain?: string;
  readonly validationCode?: string;
  readonly json?: boolean;
}

function parserOf(option: string, pattern: RegExp, what: string) {
  return (text: string): string => {
    if (pattern.test(text)) return text;
    throw new UsageError(`${option}: "${text}" is not ${what}`);
  };
}
export const parseRegion = parserOf(
  '--region',
  /^[a-z]+-[a-z]+\d{1,2}$/,
  `a region such as ${DEFAULT_REGION}`,
);
const parseValidationCode = parserOf(
  '--validation-code',
  /^[\w-][\w.-]{0,255}$/,
  'a code of letters, digits, ".", "_" and "-"',
);

export function parseDomain(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin = text === url?.origin || text === `${url?.origin ?? ''}/`;
  if (url?.protocol !== 'https:' || !isOrigin || !z.regexes.hostname.test(url.hostname)) {
    throw new UsageError(`--domain: "${text}" is not of the form https://shop.example.com`);
  }
  return url.origin;
}

/** Of a Hosting site. The default one is named after the project, except for ids below a domain. */
function defaultDomain(site: string): string {
  if (!site.includes(':')) return `https://${site}.web.app`;
  throw new UsageError(`--domain: ${site} has no default address; name the one it has`);
}

/** @throws UsageError for a project that only emulators have */
export function subjectOf(options: Options): Subject | undefined {
  const { project, region, domain, validationCode } = options;
  if (project === undefined) {
    if (region === undefined && domain === undefined && validationCode === undefined) return;
    throw new UsageError('--region, --domain and --validation-code need --project');
  }
  const found = findProject(project, readFile);
  if (isDemo(found)) {
    throw new UsageError(`${project}: projects named demo-… exist in the emulators only`);
  }
  const deployed = findDeployment(readAny);
  return {
    ...found,
    deployed,
    region: region ?? DEFAULT_REGION,
    domain: domain ?? defaultDomain(bridgeSiteId(readAny, deployed, found.projectId)),
    validationCode,
  };
}

const NOTES = `
Runs checks one after the other and prints the commands that fix what is wrong. Without
--project it checks this machine only and makes no network requests.

Google is asked with Application Default Credentials (gcloud auth application-default login),
Tiki with the function's own key and secret and a made-up code. Nothing is changed; no secret
and no token is printed.

With --json an array of {check, state, message, remedy?} is printed; state is "ok",
"warning", "failed" or "not-checked"; npm run --silent keeps npm's own lines out.

Exit code: 0 nothing failed, 1 something failed, 2 wrong usage.
Docs: docs/doctor.md`;

export function addDoctor(program: Command, examine: ExamineAction): void {
  program
    .command('doctor')
    .description('Find out why a login does not work')
    .option('--project <id>', 'A deployed project: its id or alias; default: this machine')
    .option('--region <region>', `Where the functions are; default: ${DEFAULT_REGION}`, parseRegion)
    .option(
      '--domain <https://…>',
      'Where Tini Apps call them; default: https://<id>.web.app',
      parseDomain,
    )
    .option(
      '--validation-code <code>',
      "Also check Tini Console's validation file",
      parseValidationCode,
    )
    .option('--json', 'Print the findings as JSON')
    .addHelpText('after', NOTES)
    .action((options: Options) =>
      examine({ subject: subjectOf(options), json: options.json ?? false }),
    );
}
