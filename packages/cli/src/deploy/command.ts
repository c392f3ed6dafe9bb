import type { Command } from 'commander';
import { bridgeSiteId } from '../bridge-site';
import { DEFAULT_REGION } from '../deployment';
import { parseDomain, parseRegion, subjectOf } from '../doctor/command';
import type { Subject } from '../doctor/facts';
import { readFile } from '../project-files';
import { UsageError } from '../usage-error';
import { adoptedParts } from './adopted-parts';
import { PARTS, type Part } from './steps';

export interface Deployment {
  readonly subject: Subject;
  readonly parts: readonly Part[];
  /** Run all tests before. */
  readonly test: boolean;
  /** Ask nothing. */
  readonly yes: boolean;
}

export interface Rollback {
  readonly subject: Subject;
  /** Epoch ms; undefined: before the last deployment. */
  readonly before: number | undefined;
  readonly parts: readonly ('functions' | 'hosting')[];
  readonly site: string;
  readonly codebase: string;
  readonly yes: boolean;
}

export type DeployTask =
  ({ readonly name: 'deploy' } & Deployment) | ({ readonly name: 'rollback' } & Rollback);
export type DeployAction = (task: DeployTask) => Promise<void>;

interface Options {
  readonly project: string;
  readonly region?: string;
  readonly domain?: string;
  readonly yes?: boolean;
}

function parserOf<T extends string>(known: readonly T[]) {
  return (text: string): T[] => {
    const parts = text.split(',');
    const unknown = parts.find((part) => !known.some((one) => one === part));
    if (unknown !== undefined) {
      throw new UsageError(`--only: "${unknown}" is none of ${known.join(', ')}`);
    }
    return known.filter((part) => parts.includes(part));
  };
}

/** With its zone: an operator may be far from the project, and from the machine. */
function parseTime(text: string): number {
  const hasZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const time = hasZone ? Date.parse(text) : NaN;
  if (!Number.isNaN(time)) return time;
  throw new UsageError(
    `--before: "${text}" is no time with its zone, such as 2026-11-27T09:00+07:00`,
  );
}

function parseName(option: string) {
  return (text: string): string => {
    if (/^[a-z\d][a-z\d_-]{0,62}$/.test(text)) return text;
    throw new UsageError(`${option}: "${text}" is not a name`);
  };
}

function subjectNamedBy(options: Options): Subject {
  const subject = subjectOf(options);
  if (!subject) throw new UsageError('--project is missing');
  return subject;
}

const common = (program: Command, name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .requiredOption('--project <id>', 'The project: its id or alias')
    .option('--region <region>', `Where the functions are; default: ${DEFAULT_REGION}`, parseRegion)
    .option(
      '--domain <https://…>',
      'Where Tini Apps call them; default: https://<id>.web.app',
      parseDomain,
    )
    .option('--yes', 'Ask nothing; needed where nobody can answer');

const DEPLOY_NOTES = `
Checks this machine, builds, deploys indexes, functions, Hosting and rules in this order, and tries a
login with a made-up code at the domain: only a working chain gets as far as Tiki, which refuses it.

Needs firebase login, and gcloud auth application-default login. Safe to repeat.

Exit code: 0 deployed and proven, 1 something failed, 2 wrong usage.
Docs: docs/deploy.md`;

const ROLLBACK_NOTES = `
Sends the traffic of each function of the last deployment to the revision before it, with its
parameters and secrets, and releases the Hosting version before it. Builds nothing. Prints what it
will do, and asks. Rules and indexes stay: it prints the commands for them.

Needs gcloud auth application-default login. Safe to repeat: it changes nothing the second time.

Exit code: 0 rolled back and proven, 1 something failed, 2 wrong usage.
Docs: docs/deploy.md#roll-back`;

/** `deploy` and `rollback` */
export function addDeploy(program: Command, act: DeployAction): void {
  common(program, 'deploy', 'Deploy to a project, and prove that logins work')
    .option(
      '--only <parts>',
      `Of ${PARTS.join(', ')}; default: what init merged, elsewhere the first three`,
      parserOf(PARTS),
    )
    .option('--test', 'Run all tests before')
    .addHelpText('after', DEPLOY_NOTES)
    .action((options: Options & { readonly only?: Part[]; readonly test?: boolean }) =>
      act({
        name: 'deploy',
        subject: subjectNamedBy(options),
        parts: options.only ?? adoptedParts(readFile) ?? PARTS.slice(0, 3),
        test: options.test ?? false,
        yes: options.yes ?? false,
      }),
    );

  common(program, 'rollback', 'Go back to what was deployed before')
    .option(
      '--before <time>',
      'To what was deployed then, such as 2026-11-27T09:00+07:00',
      parseTime,
    )
    .option('--only <parts>', 'Of functions, hosting', parserOf(['functions', 'hosting']))
    .option(
      '--site <id>',
      'Hosting site; default: the one that leads to the bridge',
      parseName('--site'),
    )
    .option(
      '--codebase <name>',
      'Of the functions in firebase.json; default: the one with the bridge',
      parseName('--codebase'),
    )
    .addHelpText('after', ROLLBACK_NOTES)
    .action(
      (
        options: Options & {
          readonly before?: number;
          readonly only?: ('functions' | 'hosting')[];
          readonly site?: string;
          readonly codebase?: string;
        },
      ) => {
        const subject = subjectNamedBy(options);
        return act({
          name: 'rollback',
          subject,
          before: options.before,
          parts: options.only ?? ['functions', 'hosting'],
          site: options.site ?? bridgeSiteId(readFile, subject.deployed, subject.projectId),
          codebase: options.codebase ?? subject.deployed.codebase,
          yes: options.yes ?? false,
        });
      },
    );
}
