import { randomUUID } from 'node:crypto';
import { EntitlementError } from '../../../../functions/src/premium/entitlement-error';
import { openPremium, type Premium } from '../../../../functions/src/premium/open-premium';
import { type Command, parseCommandLine, USAGE, UsageError } from './command-line';
import { describeFailure, describeOutcome, describeOverview, describeReport } from './report';
import { missingQuotaProject } from './quota-project';
import { chooseTarget } from './target';

interface Done {
  /** For a person. */
  readonly text: string;
  /** For a program: `--json`. */
  readonly result: object;
  /** Something is left to mend. */
  readonly unfinished?: boolean;
}

type Task = Exclude<Command, { name: 'help' }>;

async function carryOut(task: Task, { service, reconcile }: Premium): Promise<Done> {
  switch (task.name) {
    case 'grant': {
      const id = task.id ?? `operator-${randomUUID()}`;
      const result = await service.grant(task.uid, { id, ...task.terms });
      const given =
        'days' in task.terms
          ? `${task.terms.days} days`
          : `premium until ${new Date(task.terms.until).toISOString()}`;
      return { text: describeOutcome(`Granted ${given} as ${id}`, result), result };
    }
    case 'revoke': {
      const result = await service.revoke(task.uid, task.which);
      const which = task.which === 'all' ? 'all purchases' : task.which.id;
      return { text: describeOutcome(`Revoked ${which}`, result), result };
    }
    case 'show': {
      const result = await service.show(task.uid);
      return { text: describeOverview(result), result };
    }
    case 'reconcile': {
      const result = await reconcile({ fix: task.fix });
      const unfinished = result.drifts.some(({ mended }) => !mended);
      return { text: describeReport(result), result, unfinished };
    }
  }
}

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  const { command, project, json } = parseCommandLine(args);
  if (command.name === 'help') {
    console.log(USAGE);
    return 0;
  }
  const { description, ...target } = chooseTarget(project, process.env);
  // Standard output is the program's, if a program reads it.
  (json ? console.error : console.log)(description);
  // Emulators ask for no credentials, so nobody shall look for any.
  if (target.kind === 'emulators') process.env['METADATA_SERVER_DETECTION'] = 'none';
  else {
    const quotaProject = await missingQuotaProject(target.projectId);
    if (quotaProject !== undefined) process.env['GOOGLE_CLOUD_QUOTA_PROJECT'] = quotaProject;
  }
  const premium = await openPremium({
    projectId: target.projectId,
    databaseUrl: target.databaseUrl,
  });
  try {
    const { text, result, unfinished = false } = await carryOut(command, premium);
    console.log(json ? JSON.stringify({ target, result }, undefined, 2) : text);
    return unfinished ? 1 : 0;
  } catch (error) {
    if (!(error instanceof EntitlementError)) throw error;
    const message = describeFailure(error);
    if (json) console.log(JSON.stringify({ target, error: { code: error.code, message } }));
    else console.error(`Failed (${error.code}): ${message}`);
    return 1;
  } finally {
    await premium.close();
  }
}

/** A call that was given up goes on being tried in the background, for up to a minute. */
function end(code: number): void {
  // After what was written before: on some systems pipes are written to in the background.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

main(process.argv.slice(2)).then(end, (error: unknown) => {
  const wrongUse = error instanceof UsageError;
  console.error(wrongUse ? `${error.message}\n\n${USAGE}` : error);
  end(wrongUse ? 2 : 1);
});
