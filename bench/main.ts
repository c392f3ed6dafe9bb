// npm run bench: the built function as production runs it, measured against what Node alone needs,
// what the framework alone needs, and the backend of Tiki's guide. Ratios of one and the same run.
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Figure } from './figure';
import { latenciesOf } from './load';
import { measureColdStart } from './measures/cold-start';
import { type Context, setUpstreams } from './measures/context';
import { measureIndependence } from './measures/independence';
import { measureLatency } from './measures/latency';
import { measureMemory } from './measures/memory';
import { measureRefusal } from './measures/refusal';
import { measureThroughput } from './measures/throughput';
import { FULL, QUICK } from './plan';
import { JSON_FILE, PLOT_FILE, writeFiles } from './report/files';
import { formatTable, remarkOn, rowOf } from './report/table';
import { stage } from './staging';
import { median } from './statistics';
import { startTargets } from './targets/all';
import { startUpstreams } from './upstreams/process';

const HELP = `npm run bench [-- options]

  --quick            fewer rounds, under a minute: shows that it works; writes no files
  --source <folder>  another built function than functions/; writes no files
  --help

Build first: npm run build. Takes about four and a half minutes on an idle machine.
`;

/** Whatever hangs, the benchmark ends. Milliseconds. */
const LONGEST_MS = 295_000;

/** Above this share of a core, what helps to measure is what is measured. */
const BUSY = 0.85;

async function warmUp(context: Context): Promise<void> {
  const { plan, targets } = context;
  await setUpstreams(context, 0);
  for (const { origin } of [targets.limit, targets.bridge, targets.localKey, targets.hello]) {
    await latenciesOf({ origin, callers: 16, until: { logins: plan.warmUpLogins } });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      source: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const plan = values.quick ? QUICK : FULL;
  const source = resolve(values.source ?? resolve(__dirname, '../functions'));
  const say = (what: string): void => {
    console.log(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${what}`);
  };

  // Ends the targets as well: they live no longer than this process.
  setTimeout(() => {
    console.error('Stopped: the benchmark took too long. Is the machine busy?');
    process.exit(1);
  }, LONGEST_MS).unref();

  const notes: string[] = [];
  const figures: Figure[] = [];
  const measured: Record<string, number> = {};
  const upstreams = await startUpstreams();
  const staging = stage(upstreams.addresses.caPem);
  try {
    say('cold start');
    const coldStart = await measureColdStart(source, plan.rounds, upstreams, staging);
    const targets = await startTargets(source, upstreams, staging);
    try {
      if (!targets.guide) {
        notes.push(
          "The guide's backend is left out: Python with Flask and gunicorn is not installed.",
        );
      }
      const context = { plan, targets, upstreams };
      say('warming up');
      await warmUp(context);
      say('latency');
      figures.push(...(await measureLatency(context)));
      say('throughput and CPU');
      const throughput = await measureThroughput(context);
      figures.push(...throughput.figures, ...coldStart);
      say('independence');
      const independence = await measureIndependence(context);
      say('refusals');
      const refusals = await measureRefusal(source, plan.rounds, upstreams, staging);
      say('memory');
      const memory = await measureMemory(context, source, staging);
      figures.push(...memory.figures, independence, ...refusals);
      if (throughput.failures > 0) notes.push(`${throughput.failures} requests failed under load.`);
      if (throughput.busiestHelper > BUSY) {
        notes.push('The load generator or the upstreams used a whole core: they were the limit.');
      }
      measured['cpuMsPerLogin'] = median(throughput.cpuMsPerLogin);
      measured['localKeyCpuMsPerLogin'] = median(throughput.localKeyCpuMsPerLogin);
      measured['limitCpuMsPerLogin'] = median(throughput.limitCpuMsPerLogin);
      measured['helloCpuMsPerRequest'] = median(throughput.helloCpuMsPerRequest);
      measured['peakMiB'] = memory.peakMiB;
      measured['busiestHelperCores'] = throughput.busiestHelper;
    } finally {
      await targets.stop();
    }
  } finally {
    await upstreams.close();
    staging.remove();
  }

  const rows = figures.map(rowOf);
  console.log(`\n${formatTable(rows)}\n`);
  for (const [name, value] of Object.entries(measured)) console.log(`${name} ${value.toFixed(2)}`);
  const remark = remarkOn(rows);
  if (remark !== undefined) notes.push(remark);
  for (const note of notes) console.log(note);
  if (values.quick || values.source !== undefined) return;
  const platform = `${process.platform} ${process.arch}`;
  const machine = { node: process.versions.node, platform, cores: availableParallelism() };
  await writeFiles({ date: new Date().toISOString(), machine, rows, measured, notes });
  console.log(`Written: ${JSON_FILE}, ${PLOT_FILE}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
