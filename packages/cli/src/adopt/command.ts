import { type Command, InvalidArgumentError } from 'commander';
import { FEATURES, PARTS, prefixShape } from './wanted/choices';
import type { Asked } from './plan/plan';

export type AdoptTask =
  | {
      readonly name: 'init';
      readonly folder: string;
      readonly check: boolean;
      readonly asked: Asked;
    }
  | { readonly name: 'update' | 'remove'; readonly folder: string; readonly asked: Asked };

export interface AdoptOptions {
  readonly yes: boolean;
  /** Whether npm installs the packages of the codebase, and writes its lockfile. */
  readonly install: boolean;
  /** A packed file to use instead of packing. */
  readonly packed?: string | undefined;
}

export type AdoptAction = (task: AdoptTask, options: AdoptOptions) => Promise<void>;
export type TryAction = (folder: string) => Promise<void>;

/** Resets an option to nothing. */
const NONE = 'none';

/** Names separated by commas, or none. @throws InvalidArgumentError */
const listFrom =
  <T extends string>(names: readonly T[]) =>
  (text: string): T[] =>
    (text.trim() === NONE ? [] : text.split(',')).map((word) => {
      const found = names.find((name) => name === word.trim());
      if (found !== undefined) return found;
      throw new InvalidArgumentError(`Choose from ${names.join(', ')}, or ${NONE}.`);
    });

function prefixFrom(text: string): string {
  const { data } = prefixShape.safeParse(text);
  if (data === undefined) throw new InvalidArgumentError('It is a path such as /tiki.');
  return data;
}

interface Given {
  readonly yes?: true;
  readonly check?: true;
  readonly install: boolean;
  readonly packed?: string;
  readonly with?: Asked['features'];
  readonly prefix?: string;
  readonly target?: string;
  readonly group?: boolean;
  readonly skip?: Asked['skipped'];
  readonly acceptOpenRules?: true;
}

/** Undefined: as the last time. */
const askedIn = (given: Given): Asked => ({
  features: given.with,
  prefix: given.prefix,
  target: given.target,
  group: given.group,
  skipped: given.skip,
  acceptsOpenRules: given.acceptOpenRules,
});

const optionsOf = ({ yes, install, packed }: Given): AdoptOptions => ({
  ...{ yes: yes ?? false, install, packed },
});

const NOTES = `
Shows all changes as a diff and asks before it writes. What it cannot merge, it refuses, and prints what
to paste. A second run changes nothing. Without a network all is written but npm's lockfile; the command
that writes it later is printed.

Exit code: 0 success, 1 refused, out of date (--check) or npm failed, 2 wrong usage.
Docs: docs/adopt.md`;

/** `init`, `update`, `remove`, `try` */
export function addAdopt(program: Command, act: AdoptAction, tryOut: TryAction): void {
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .argument('[folder]', 'The folder with firebase.json', '.')
      .helpCommand(false);
  const writing = (name: string, description: string) =>
    command(name, description)
      .option(
        '--with <features>',
        `More than the login: ${FEATURES.join(', ')}, or ${NONE}`,
        listFrom(FEATURES),
      )
      .option(
        '--prefix <path>',
        'All paths of the bridge below this one, such as /tiki',
        prefixFrom,
      )
      .option('--target <name>', 'The Hosting site, if there are several')
      .option('--group', 'Functions named tikiBridge-auth, as if their names were taken')
      .option('--no-group', 'Undo --group, unless the plain names are taken')
      .option(
        '--skip <parts>',
        `What you merge by hand: ${PARTS.join(', ')}, or ${NONE}`,
        listFrom(PARTS),
      )
      .option(
        '--accept-open-rules',
        'With --skip: accept the current rules of skipped parts, even if they open server-only data',
      )
      .option('--yes', 'Do not ask')
      .option('--no-install', 'Do not run npm in tiki-bridge/')
      .option('--packed <file>', 'A packed file of this version, instead of packing this one');

  writing('init', 'Add the bridge to a Firebase project, or see whether it is complete')
    .option('--check', 'Write nothing; say what is missing or out of date')
    .addHelpText('after', NOTES)
    .action((folder: string, given: Given) =>
      act(
        { name: 'init', folder, check: given.check ?? false, asked: askedIn(given) },
        optionsOf(given),
      ),
    );
  writing('update', 'Bring the bridge in a project to this version').action(
    (folder: string, given: Given) =>
      act({ name: 'update', folder, asked: askedIn(given) }, optionsOf(given)),
  );
  command('remove', 'Take the bridge out of a project again')
    .option('--yes', 'Do not ask')
    .action((folder: string, given: Given) =>
      act({ name: 'remove', folder, asked: {} }, { ...optionsOf(given), install: false }),
    );
  command('try', 'Log a simulated customer in on the running emulators').action((folder: string) =>
    tryOut(folder),
  );
}
