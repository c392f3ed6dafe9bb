// The operator's command line: npm run bridge -- init|premium|orders|push|user|audit|doctor|deploy|…; see README.md.
import { CommanderError } from 'commander';
import { carryOutAdoption } from './adopt/act';
import { addAdopt } from './adopt/command';
import { tryLogin } from './adopt/try/try-login';
import { carryOutAudit } from './audit/act';
import { carryOutDeploy } from './deploy/act';
import { named } from './deployment';
import { examineAndReport } from './doctor/run-doctor';
import { carryOutOrders } from './orders/act';
import { carryOut } from './premium/act';
import { printable } from './printable';
import { createProgram } from './program';
import { carryOutPush } from './push/act';
import { getToken } from './token/act';
import { UsageError } from './usage-error';
import { carryOutUser } from './user/act';

const program = createProgram({
  premium: async (task, options) => {
    process.exitCode = await carryOut(task, options);
  },
  orders: async (task, options) => {
    process.exitCode = await carryOutOrders(task, options);
  },
  push: async (task, options) => {
    process.exitCode = await carryOutPush(task, options);
  },
  user: async (task, options) => {
    process.exitCode = await carryOutUser(task, options);
  },
  audit: async (question, options) => {
    process.exitCode = await carryOutAudit(question, options);
  },
  doctor: async (request) => {
    process.exitCode = await examineAndReport(request);
  },
  deploy: async (task) => {
    process.exitCode = await carryOutDeploy(task);
  },
  token: async (request) => {
    process.exitCode = await getToken(request);
  },
});
addAdopt(
  program,
  async (task, options) => {
    process.exitCode = await carryOutAdoption(task, options);
  },
  async (folder) => {
    process.exitCode = await tryLogin(folder);
  },
);

/** Errors of system calls name a file or an address; other messages may quote secrets. */
function describeUnexpected(error: unknown): string {
  if (error instanceof Error && 'code' in error && 'syscall' in error) return error.message;
  const name = error instanceof Error ? error.name : typeof error;
  return `This should not happen (${name}). Please report it.`;
}

/** @returns the exit code */
function explain(error: unknown): number {
  // Commander has printed the error, or the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const message = error instanceof UsageError ? named(error.message) : describeUnexpected(error);
  // Some have several lines, such as what npm said.
  console.error(message.split('\n').map(printable).join('\n'));
  return error instanceof UsageError ? 2 : 1;
}

/**
 * Exits once all output is written: pipes are asynchronous on some systems. Does not wait for calls
 * that timed out, which Google's clients go on retrying.
 */
function end(): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}

const args = process.argv.slice(2);
// A group of commands without a command prints its help.
const isGroup =
  args.length === 0 ||
  (args.length === 1 && ['premium', 'orders', 'push', 'user', 'token'].includes(args[0] ?? ''));
program
  .parseAsync(isGroup ? [...args, '--help'] : args, { from: 'user' })
  .catch((error: unknown) => {
    process.exitCode = explain(error);
  })
  .finally(end);
