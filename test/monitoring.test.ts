import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Root, type Type } from 'protobufjs';
import { fromProto3JSON, toProto3JSON } from 'proto3-json-serializer';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { PROBLEMS } from '../functions/src/problem';
import { ALERTS } from '../infra/monitoring/alerts';
import { DASHBOARD } from '../infra/monitoring/dashboard';
import { monitoringFiles } from '../infra/monitoring/files';
import { METRICS } from '../infra/monitoring/metrics';

const FOLDER = path.join(PROJECT_ROOT, 'infra/monitoring');

const readJson = (file: string) =>
  JSON.parse(readFileSync(path.join(PROJECT_ROOT, file), 'utf8')) as Record<string, unknown>;

/** Google's own definitions, as its client libraries have them. */
const protosOf = (library: string) =>
  // What the libraries themselves pass to protobufjs.
  Root.fromJSON(readJson(`node_modules/@google-cloud/${library}/build/protos/protos.json`));
const monitoring = protosOf('monitoring');
const dashboards = protosOf('monitoring-dashboards');

/** Zero is what a number is where nothing is said. */
const withoutZeros = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutZeros);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== 0);
  return Object.fromEntries(entries.map(([key, each]) => [key, withoutZeros(each)]));
};

/** A file that is read as this message and written again: with all of it, if Google knows all fields. */
function readBack(type: Type, json: unknown): unknown {
  // The file was parsed from JSON.
  const message = fromProto3JSON(type, json as Parameters<typeof fromProto3JSON>[1]);
  if (!message) throw new Error('nothing');
  return withoutZeros(toProto3JSON(message));
}

interface Policy {
  readonly conditions: readonly { readonly conditionMatchedLog?: { readonly filter: string } }[];
}

const inFolder = (folder: string) =>
  [...monitoringFiles()].filter(([file]) => file.startsWith(`${folder}/`));

it('the files are those that `npm run monitoring` writes', () => {
  const written = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
  const contents = written.map((file) => [file, readJson(`infra/monitoring/${file}`)]);

  expect(Object.fromEntries(contents)).toEqual(
    JSON.parse(JSON.stringify(Object.fromEntries(monitoringFiles()))),
  );
});

describe("Google's APIs know every field of", () => {
  it.each([
    ['alerts', monitoring, 'google.monitoring.v3.AlertPolicy'],
    ['services', monitoring, 'google.monitoring.v3.Service'],
    ['slos', monitoring, 'google.monitoring.v3.ServiceLevelObjective'],
    ['dashboards', dashboards, 'google.monitoring.dashboard.v1.Dashboard'],
  ] as const)('%s', (folder, root, name) => {
    const type = root.lookupType(name);
    const files = inFolder(folder);

    expect(files.length).toBeGreaterThan(0);
    for (const [, json] of files) {
      expect(readBack(type, json)).toMatchObject(withoutZeros(json) as object);
    }
  });

  // The library for logs has no definitions; those of what a metric consists of are in the other one.
  it.each(inFolder('metrics'))('%s', (_, json) => {
    const { name, description, filter, metricDescriptor, bucketOptions, ...rest } = json as Record<
      string,
      unknown
    >;
    const { labelExtractors = {}, valueExtractor = '', ...unknown } = rest;
    const labels = (metricDescriptor as { labels?: { key: string }[] }).labels ?? [];

    expect([name, description, filter, valueExtractor].map((it) => typeof it)).toEqual(
      Array(4).fill('string'),
    );
    expect(unknown).toEqual({});
    expect(
      readBack(monitoring.lookupType('google.api.MetricDescriptor'), metricDescriptor),
    ).toEqual(metricDescriptor);
    expect(Object.keys(labelExtractors as object)).toEqual(labels.map(({ key }) => key));
    if (bucketOptions === undefined) return;
    const buckets = monitoring.lookupType('google.api.Distribution.BucketOptions');
    expect(readBack(buckets, bucketOptions)).toEqual(bucketOptions);
  });

  it('and no other', () => {
    const type = monitoring.lookupType('google.monitoring.v3.AlertPolicy');

    expect(readBack(type, { displayName: 'a', display: 'b' })).not.toHaveProperty('display');
    expect(readBack(type, { combiner: 'MAYBE' })).not.toHaveProperty('combiner', 'MAYBE');
  });
});

it('there is an alert for each code that an operator has to know', () => {
  const codes = Object.entries(PROBLEMS).filter(
    ([, { status }]) => status >= 500 || (status as number) === 429,
  );
  const alerts = inFolder('alerts').map(([file]) => path.basename(file, '.json'));

  expect(codes.map(([code]) => code).filter((code) => !alerts.includes(code))).toEqual([]);
});

it('the dashboard and the first command of the runbook have the same filter', () => {
  const { mosaicLayout } = DASHBOARD;
  const panel = JSON.stringify(mosaicLayout).match(/"logsPanel":\{"filter":("(?:[^"\\]|\\.)*")/);
  const runbook = readFileSync(path.join(PROJECT_ROOT, 'docs/runbook.md'), 'utf8');

  // Entries of jobs have no requestId and no route. A space is an AND.
  expect(runbook).toContain(
    `gcloud logging read '${String(JSON.parse(panel?.[1] ?? '""')).replaceAll(' AND ', ' ')}'`,
  );
});

it('each alert leads to the runbook', () => {
  const wrong = inFolder('alerts').filter(([file, policy]) => {
    const { documentation } = policy as { readonly documentation: { readonly content: string } };
    const heading = `docs/runbook.md#${path.basename(file, '.json')}`;
    return !documentation.content.endsWith(heading);
  });

  expect(wrong).toEqual([]);
});

it('alerts that match by text match only functions of the bridge', () => {
  const filters = inFolder('alerts')
    .flatMap(([, policy]) => (policy as Policy).conditions)
    .flatMap(({ conditionMatchedLog }) => conditionMatchedLog?.filter ?? [])
    .filter((filter) => !filter.includes('jsonPayload.requestId:* AND jsonPayload.route:*'))
    .filter((filter) => !filter.includes('cloud_scheduler_job'));
  const { functions } = readJson('infra/access.json') as { functions: object };
  const services = Object.keys(functions).map((name) => `SERVICE_PREFIX${name.toLowerCase()}`);

  expect(filters.length).toBeGreaterThan(10);
  for (const filter of filters) {
    const [, pattern = ''] =
      /^resource\.type="\w+" AND resource\.labels\.service_name=~"([^"]+)"/.exec(filter) ?? [];
    expect(services.filter((name) => !new RegExp(pattern).test(name))).toEqual([]);
    expect('SERVICE_PREFIXshop-auth').not.toMatch(new RegExp(pattern));
  }
});

it('there is an alert for scheduled functions that do not run, whatever their prefix', () => {
  const source = readFileSync(path.join(PROJECT_ROOT, 'functions/src/functions.ts'), 'utf8');
  const scheduled = [...source.matchAll(/^export const (\w+): ScheduleFunction/gm)];
  const filter = JSON.stringify(ALERTS['job-not-run']?.conditions);
  const [, pattern = ''] = /job_id=~\\"\(\?i\)([^"]+)\\"/.exec(filter) ?? [];
  // In place of SERVICE_PREFIX stands the prefix in lower case.
  const jobs = new RegExp(pattern.replace('SERVICE_PREFIX', 'tikibridge-'), 'i');

  expect(scheduled).toHaveLength(4);
  for (const [, name = ''] of scheduled)
    expect(`firebase-schedule-tikiBridge-${name}-asia-southeast1`).toMatch(jobs);
  expect('firebase-schedule-shopDaily-asia-southeast1').not.toMatch(jobs);
});

describe('an app with a few logins an hour', () => {
  const conditionsOf = (name: string) => JSON.stringify(ALERTS[name]?.conditions);
  const countOver = (seconds: number) =>
    `"alignmentPeriod":"${seconds}s","perSeriesAligner":"ALIGN_DELTA"`;

  it('is told if most of its logins fail at Tiki', () => {
    const conditions = conditionsOf('tiki-logins-fail');

    for (const code of ['tiki-unavailable', 'tiki-timeout', 'tiki-bad-response'])
      expect(conditions).toContain(code);
    expect(conditions).toContain('"denominatorFilter"');
    expect(conditions).toContain('"thresholdValue":0.5');
  });

  it('is told if Cloud Run answers in place of its functions, whatever their prefix', () => {
    expect(conditionsOf('not-answered')).toContain('SERVICE_PREFIXauth');
    expect(METRICS['tiki-bridge-not-answered'].filter).toMatch(/>=500.*403 OR 429/);
  });

  it('is not woken by a single failure', () => {
    expect(conditionsOf('login-success-fast-burn')).toContain(countOver(3_600));
    expect(conditionsOf('login-success-slow-burn')).toContain(countOver(21_600));
    expect(conditionsOf('login-latency-burn')).toContain(countOver(21_600));
    for (const name of ['app-check-failed', 'rate-limit-store', 'traces-not-exported'])
      expect(conditionsOf(name)).not.toContain('conditionMatchedLog');
  });
});
