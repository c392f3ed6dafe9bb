import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { PROJECT_FILES } from '../project-tree';
import { ACCESS } from './access';
import { AUDIT_LOG } from './audit-log';

// Without its types, which would bring those of the browser into every file of this project.
const { parse } = createRequire(__filename)('@cdktf/hcl2json') as {
  readonly parse: (file: string, text: string) => Promise<unknown>;
};

const FOLDER = path.join(PROJECT_ROOT, 'infra/terraform');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.tf'));
const read = (file: string) => readFileSync(path.join(FOLDER, file), 'utf8');

type Block = Readonly<Record<string, unknown>>;
interface Configuration {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, readonly Block[]>>>>;
  readonly provider?: Readonly<Record<string, readonly Block[]>>;
}

/** All resources: "type name" and its block. */
async function resources(): Promise<Map<string, Block>> {
  const found = new Map<string, Block>();
  for (const file of FILES) {
    const { resource = {} } = (await parse(file, read(file))) as Configuration;
    for (const [type, named] of Object.entries(resource))
      for (const [name, [block = {}]] of Object.entries(named)) found.set(`${type} ${name}`, block);
  }
  return found;
}

/** The resources that a block names. */
const namedIn = (block: Block | undefined): string[] =>
  [...JSON.stringify(block).matchAll(/\b((?:google|time)_\w+)\.(\w+)/g)].map(
    ([, type = '', name = '']) => `${type} ${name}`,
  );

describe('infra/terraform', () => {
  it('is read by the parser of HashiCorp, which refuses mistakes', async () => {
    expect(FILES.length).toBeGreaterThan(4);
    expect((await resources()).size).toBeGreaterThan(15);
    await expect(parse('bad.tf', 'resource "a" "b" {')).rejects.toThrow();
  });

  it('takes what it makes from the table, and from the files of infra/monitoring', async () => {
    const found = await resources();

    expect(read('access.tf')).toContain('jsondecode(file("${path.module}/../access.json"))');
    for (const [resource, source] of [
      ['google_project_service api', 'local.apis'],
      ['google_service_account function', 'local.functions'],
      ['google_project_iam_custom_role role', 'local.custom_roles'],
      ['google_project_iam_member function', 'local.grants'],
      ['google_service_account_iam_member itself', 'local.grants'],
      ['google_secret_manager_secret secret', 'local.secrets'],
      ['google_secret_manager_secret_iam_member function', 'local.grants'],
      ['google_cloud_run_v2_service_iam_member its_service', 'local.grants'],
      ['google_cloud_run_v2_service_iam_member private_service', 'local.grants'],
      ['google_project_iam_member deployer', 'local.access.deployer.roles'],
      ['google_logging_metric metric', 'local.monitoring.metrics'],
      ['google_monitoring_custom_service service', 'local.monitoring.services'],
      ['google_monitoring_slo objective', 'local.monitoring.slos'],
      ['google_monitoring_alert_policy alert', 'local.monitoring.alerts'],
      ['google_monitoring_dashboard dashboard', 'local.monitoring.dashboards'],
    ] as const)
      expect([resource, found.get(resource)?.['for_each']]).toEqual([
        resource,
        expect.stringContaining(source),
      ]);
  });

  it('handles each place of the table', () => {
    const places = new Set(ACCESS.grants.map(({ on }) => on));
    const secrets = ACCESS.secrets.map(({ secret }) => secret);

    expect([...places].sort()).toEqual(
      [...secrets, 'project', 'itself', 'its service', 'the private service'].sort(),
    );
    for (const place of places)
      if (!secrets.includes(place)) expect(read('access.tf')).toContain(`grant.on == "${place}"`);
  });

  it('knows every kind of condition that an alert has', () => {
    const alerts = PROJECT_FILES.filter((file) =>
      /^infra\/monitoring\/alerts\/.*\.json$/.test(file),
    ).map(
      (file) =>
        JSON.parse(readFileSync(path.join(PROJECT_ROOT, file), 'utf8')) as {
          readonly conditions: readonly { readonly conditionThreshold?: object }[];
        },
    );
    const kinds = new Set(alerts.flatMap(({ conditions }) => conditions.flatMap(Object.keys)));
    const known = ['displayName', 'conditionMatchedLog', 'conditionThreshold'];

    expect([...kinds].filter((kind) => !known.includes(kind))).toEqual([]);
    const thresholds = alerts.flatMap(({ conditions }) =>
      conditions.flatMap(({ conditionThreshold = {} }) => Object.keys(conditionThreshold)),
    );
    expect(thresholds).toContain('denominatorFilter');
    for (const field of new Set(thresholds))
      expect(read('monitoring.tf')).toContain(`condition_threshold.value.${field}`);
  });

  it('keeps logins where `bridge audit` reads them, as long as setup.sh', async () => {
    const found = await resources();

    expect(found.get('google_logging_project_sink audit')?.['filter']).toBe(AUDIT_LOG.filter);
    expect(found.get('google_logging_project_bucket_config audit')).toMatchObject({
      bucket_id: AUDIT_LOG.bucket,
      retention_days: AUDIT_LOG.retentionDays,
    });
  });

  it('accepts the same tokens of GitHub as setup.sh', async () => {
    const provider = (await resources()).get('google_iam_workload_identity_pool_provider github');
    const script = readFileSync(path.join(PROJECT_ROOT, 'infra/github.sh'), 'utf8');
    const [, wanted = ''] = /^wanted="(.*)"$/m.exec(script) ?? [];

    expect(wanted).toContain('assertion.environment');
    expect(provider?.['attribute_condition']).toBe(
      wanted.replace('$repository', '${var.github_repository_id}'),
    );
  });

  it('puts the project in place of PROJECT_ID, and the prefix of the functions, in all that it takes from infra/monitoring', () => {
    // Of all kinds in one place, whatever their kind.
    expect(read('monitoring.tf').match(/file\("\$\{path/g)).toHaveLength(1);
    expect(read('monitoring.tf')).toMatch(
      /replace\(replace\(\s*file\("[^"]*"\), "PROJECT_ID", var\.project,\s*\), "SERVICE_PREFIX", lower\(var\.prefix\)\)/,
    );
  });

  it("counts a person's requests in the project, once its APIs are enabled", async () => {
    const { provider = {} } = (await parse('versions.tf', read('versions.tf'))) as Configuration;
    const [google, first] = provider['google'] ?? [];
    const inProject = { billing_project: '${var.project}', user_project_override: true };
    const found = await resources();
    const ENABLED = 'google_project_service api';
    const waits = (name: string): boolean =>
      name === ENABLED || namedIn(found.get(name)).some(waits);

    expect([google, provider['google-beta']?.[0]]).toEqual([
      expect.objectContaining(inProject),
      expect.objectContaining(inProject),
    ]);
    expect(first).toEqual({ alias: 'before_apis', project: '${var.project}' });
    expect(found.get(ENABLED)?.['provider']).toBe('${google.before_apis}');
    expect([...found.keys()].filter((name) => !waits(name))).toEqual([]);
  });

  it('refuses a budget without the account that pays', async () => {
    expect((await resources()).get('google_billing_budget bridge')?.['lifecycle']).toEqual([
      {
        precondition: [
          {
            condition: '${var.billing_account != ""}',
            error_message: 'The budget needs billing_account.',
          },
        ],
      },
    ]);
  });

  it('lets the default Compute Engine account build functions', async () => {
    expect((await resources()).get('google_project_iam_member builder')).toMatchObject({
      role: '${local.access.builder.role}',
      member:
        'serviceAccount:${data.google_project.project.number}-compute@developer.gserviceaccount.com',
    });
  });

  it('waits for new metrics before anything uses them', async () => {
    const found = await resources();
    const sleep = 'time_sleep metrics';

    expect(found.get(sleep)).toMatchObject({
      create_duration: '10m',
      triggers: { metrics: expect.stringContaining('local.monitoring.metrics') as string },
    });
    expect(namedIn(found.get(sleep))).toContain('google_logging_metric metric');
    for (const kind of ['slo objective', 'alert_policy alert', 'dashboard dashboard'])
      expect(namedIn(found.get(`google_monitoring_${kind}`))).toContain(sleep);
  });

  it('names no role that the table has not', () => {
    const ofTable = [...ACCESS.grants, ...ACCESS.deployer.roles].map(({ role }) => role);
    const named = FILES.flatMap((file) => read(file).match(/roles\/[\w.]+(?=")/g) ?? []);

    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((role) => !ofTable.includes(role))).toEqual([
      // GitHub's token becomes the deployer.
      'roles/iam.workloadIdentityUser',
    ]);
  });

  it('never has a value of a secret in its state', () => {
    for (const file of FILES)
      expect(read(file)).not.toMatch(
        /secret_version|secret_data|google_service_account_key|random_/,
      );
  });
});

const terraform = (folder: string, args: readonly string[], input?: string) => {
  const run = spawnSync('terraform', [...args], { cwd: folder, input, encoding: 'utf8' });
  return { code: run.status, out: run.stdout };
};
const installed = spawnSync('terraform', ['version']).error === undefined;
const withTerraform = installed ? it : it.skip;
const named = installed ? '' : ' (skipped: terraform is not installed)';

withTerraform(`Terraform's files are formatted${named}`, () => {
  expect(terraform(FOLDER, ['fmt', '-check', '-list=true']).out).toBe('');
});

/** Evaluates expressions over the locals of access.tf, without the provider that the rest needs. */
withTerraform(`Terraform grants what the table says${named}`, () => {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'terraform-'));
  const folder = path.join(scratch, 'infra/terraform');
  cpSync(path.join(PROJECT_ROOT, 'infra/access.json'), path.join(scratch, 'infra/access.json'));
  cpSync(path.join(FOLDER, 'variables.tf'), path.join(folder, 'variables.tf'));
  const [locals = ''] = read('access.tf').split(/^resource /m);
  writeFileSync(path.join(folder, 'access.tf'), locals);
  const granted = (features: readonly string[]): unknown => {
    const { out } = terraform(
      folder,
      ['console', '-var', 'project=shop', '-var', `features=${JSON.stringify(features)}`],
      'jsonencode([local.grants, local.functions, local.secrets])',
    );
    // The console prints a string of HCL: quotes escaped as in JSON.
    return JSON.parse(JSON.parse(out.trim()) as string);
  };
  const expected = (features: readonly string[]) => {
    const isChosen = (feature: string) => ['login', 'premium', ...features].includes(feature);
    const functions = Object.entries(ACCESS.functions).filter(([, one]) => isChosen(one.feature));
    const accounts = new Map(functions.map(([name, { account }]) => [name, account]));
    const grants = ACCESS.grants
      .filter((grant) => isChosen(grant.feature) && accounts.has(grant.function))
      .map((grant) => ({ ...grant, account: accounts.get(grant.function) }));
    return [
      Object.fromEntries(grants.map((one) => [`${one.function} ${one.role} ${one.on}`, one])),
      Object.fromEntries(accounts),
      ACCESS.secrets
        .filter(({ features: of }) => of.some(isChosen))
        .map(({ secret }) => secret)
        .sort(),
    ];
  };
  try {
    for (const features of [[], ['payments'], Object.keys(ACCESS.features)])
      expect(granted(features)).toEqual(expected(features));
  } finally {
    rmSync(scratch, { recursive: true });
  }
});
