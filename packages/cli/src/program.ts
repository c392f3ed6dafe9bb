import { Command } from 'commander';
import { addDoctor, type ExamineAction } from './doctor/command';
import { addPremium, type PremiumAction } from './premium/command';

export interface Actions {
  readonly premium: PremiumAction;
  readonly doctor: ExamineAction;
}

/** Commander's own errors in one line, like ours: "(Did you mean …?)" comes on a second one. */
function oneLine(text: string): string {
  return `${text
    .replace(/^error: /, '')
    .trim()
    .replaceAll('\n', ' ')}\n`;
}

/**
 * The command line of this project, parsed by commander 14: the oldest and most used library for
 * it, without dependencies, with types of its own, and the last major version for Node 20.
 */
export function createProgram(actions: Actions): Command {
  const program = new Command('npm run bridge --')
    .description('tools for the operator of the bridge')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      outputError: (text, write) => {
        write(oneLine(text));
      },
    })
    .exitOverride();
  addPremium(program, actions.premium);
  addDoctor(program, actions.doctor);
  return program;
}
