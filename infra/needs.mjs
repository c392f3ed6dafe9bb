// What a project needs with the given features, one need a line with tabs between its fields: the
// table in access.json and the files of infra/monitoring for the shell. node infra/needs.mjs <feature> …
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const read = (file) => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
const table = read('access.json');
const chosen = new Set(['login', ...process.argv.slice(2)]);

const unknown = [...chosen].filter((feature) => !(feature in table.features));
if (unknown.length > 0) {
  const known = Object.keys(table.features).filter((feature) => feature !== 'login');
  console.error(`--with: no feature ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exit(2);
}

const isChosen = ({ feature }) => chosen.has(feature);
const functions = Object.entries(table.functions).filter(([, one]) => isChosen(one));
const accountOf = new Map(functions.map(([name, { account }]) => [name, account]));
// A grant is needed if both its function and what it is for are there.
const grants = table.grants.filter((grant) => isChosen(grant) && accountOf.has(grant.function));

/** Each file of a folder of infra/monitoring, with the name that it is shown by. */
function described(kind) {
  const folder = new URL(`monitoring/${kind}/`, import.meta.url);
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.json'))
    : [];
  return files.sort().map((name) => {
    const file = new URL(name, folder);
    const { displayName = '' } = JSON.parse(readFileSync(file, 'utf8'));
    return [kind, relative(process.cwd(), fileURLToPath(file)), displayName];
  });
}

const needs = [
  ...['metrics', 'services', 'slos', 'alerts', 'dashboards'].flatMap(described),
  ...table.apis.filter(isChosen).map(({ api }) => ['api', api]),
  ...functions.map(([name, { account }]) => ['account', account, `Function ${name} of the bridge`]),
  ...table.customRoles
    .filter(isChosen)
    .map(({ role, permissions }) => ['role', role, permissions.join()]),
  ...table.secrets
    .filter(({ features }) => features.some((feature) => chosen.has(feature)))
    .map(({ secret, value }) => ['secret', secret, value]),
  ['builder', table.builder.role],
  ...grants.map((grant) => ['grant', accountOf.get(grant.function), grant.role, grant.on]),
  // Functions of the second generation have a Cloud Run service of their name in lower case.
  ...grants
    .filter(({ on }) => on === 'its service')
    .map((grant) => ['run', accountOf.get(grant.function), grant.function.toLowerCase()]),
  ...read('../firestore.indexes.json')
    .fieldOverrides.filter(({ ttl }) => ttl)
    .map(({ collectionGroup, fieldPath }) => ['ttl', collectionGroup, fieldPath]),
];
if (chosen.has(table.deployer.feature)) {
  const { account, roles } = table.deployer;
  needs.push(['account', account, 'Deploys the bridge from GitHub Actions']);
  for (const { role, on } of roles) needs.push(['grant', account, role, on]);
}
for (const need of needs) console.log(need.join('\t'));
