// npm run bench: the built function as production runs it, compared with other processes of the same
// run. README.md says what each row means.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildFunctions } from '@tiki-bridge/testing/emulators/build-functions';
import { allMeasures, runBench } from './bench';
import { runDisasters } from './disasters/run';
import { JSON_FILE, PLOT_FILE, writeFiles } from './report/files';
import { formatTable, missedGoals } from './report/table';
import { createResults } from './results';

const HELP = `npm run bench [-- options]

  --seconds <n>      end within this time; default 280
  --quick            the same as --seconds 60, and writes no files
  --source <folder>  measure this built function instead of functions/, and write no files
  --disasters        measure nothing: play a game day, and print what customers saw
  --help

Builds functions/ first. bench/README.md explains the rows.
`;

/** For the last measurement to notice that it is over, and for all processes to end. */
const STOPPING_MS = 5_000;

/** Exit code after Ctrl-C, as shells have it. */
const INTERRUPTED = 130;

function parseOptions() {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      source: { type: 'string' },
      disasters: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const seconds = Number(values.seconds ?? (values.quick ? 60 : 280));
  if (!(seconds > 0)) throw new Error('--seconds takes a number above 0');
  return {
    help: values.help,
    seconds,
    disasters: values.disasters,
    isQuick: values.quick,
    source: values.source === undefined ? undefined : resolve(values.source),
    writes: !values.quick && values.source === undefined,
  };
}

function say(what: string): void {
  console.log(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${what}`);
}

/** Aborts when the time is up and on Ctrl-C; a second Ctrl-C ends the process at once. */
function endOfMeasuring(afterMs: number): AbortSignal {
  const ended = new AbortController();
  setTimeout(() => {
    ended.abort();
  }, afterMs).unref();
  const interrupt = (): void => {
    if (process.exitCode !== undefined) process.exit(); // What still runs is killed on exit.
    process.exitCode = INTERRUPTED;
    ended.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return ended.signal;
}

async function main(): Promise<void> {
  const options = parseOptions();
  const { help, seconds, writes } = options;
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  if (options.source === undefined) await buildFunctions();
  const source = options.source ?? resolve(__dirname, '../functions');
  if (!existsSync(join(source, 'lib'))) throw new Error(`${source} is not built`);

  if (options.disasters) {
    await runDisasters({ source, isQuick: options.isQuick, say });
    return;
  }

  // performance.now() counts from the start of this process, and so does the time given.
  const untilEnd = (): number => seconds * 1000 - STOPPING_MS - performance.now();
  const signal = endOfMeasuring(untilEnd());
  const leftMs = (): number => (signal.aborted ? 0 : untilEnd());
  const measures = allMeasures();
  const results = createResults(measures);
  const failures: unknown[] = [];
  const work = runBench({ source, measures, results, leftMs, signal, say }).catch(
    (error: unknown) => {
      if (!signal.aborted) failures.push(error);
    },
  );

  // The report comes before all processes are stopped, so that none of them can prevent it.
  await (signal.aborted ? undefined : Promise.race([work, once(signal, 'abort')]));
  const interrupted = process.exitCode === INTERRUPTED;
  const whyNot = interrupted ? 'interrupted' : 'no time left';
  const lines = results.lines(failures.length > 0 ? 'failed, see below' : whyNot);
  failures.push(...results.failures());
  console.log(`\n${formatTable(lines)}\n`);
  for (const note of [...failures, ...missedGoals(lines)]) console.log(note);
  if (failures.length > 0 && !results.isComplete()) process.exitCode ??= 1;

  setTimeout(() => process.exit(), STOPPING_MS).unref();
  await work;
  if (writes && process.exitCode === undefined && results.isComplete()) {
    await writeFiles(lines);
    console.log(`Written: ${JSON_FILE}, ${PLOT_FILE}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
