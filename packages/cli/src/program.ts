import { Command } from 'commander';
import { addAudit, type AuditAction } from './audit/command';
import { named } from './deployment';
import { addDeploy, type DeployAction } from './deploy/command';
import { addDoctor, type ExamineAction } from './doctor/command';
import { addOrders, type OrdersAction } from './orders/command';
import { addPremium, type PremiumAction } from './premium/command';
import { addPush, type PushAction } from './push/command';
import { addToken, type TokenAction } from './token/command';
import { addUser, type UserAction } from './user/command';

export interface Actions {
  readonly premium: PremiumAction;
  readonly orders: OrdersAction;
  readonly push: PushAction;
  readonly user: UserAction;
  readonly audit: AuditAction;
  readonly doctor: ExamineAction;
  readonly deploy: DeployAction;
  readonly token: TokenAction;
}

/** Commander prints "(Did you mean …?)" on a second line. */
function oneLine(text: string): string {
  return `${text
    .replace(/^error: /, '')
    .trim()
    .replaceAll('\n', ' ')}\n`;
}

/**
 * The commands, parsed by commander: widely used since 2011, without dependencies, typed, and
 * testable with `exitOverride`. Version 14 is the last one for Node 20.
 */
export function createProgram(actions: Actions): Command {
  const program = new Command(named('npm run bridge --'))
    .description('Tools for operators of the bridge')
    .helpOption('-h, --help', 'Print this text')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => {
        process.stdout.write(named(text));
      },
      outputError: (text, write) => {
        write(oneLine(text));
      },
    })
    .exitOverride();
  addPremium(program, actions.premium);
  addOrders(program, actions.orders);
  addPush(program, actions.push);
  addUser(program, actions.user);
  addAudit(program, actions.audit);
  addDoctor(program, actions.doctor);
  addDeploy(program, actions.deploy);
  addToken(program, actions.token);
  return program;
}
