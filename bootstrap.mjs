// Runs one of the TypeScript tools: node bootstrap.mjs <script.ts> [arguments]
// Without a script it only installs. Written for any Node that knows modules (no ?. and no ??),
// so that an old one can say what is wrong instead of failing on the first new word.
import { spawn, spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, readFileSync, writeFileSync } from 'fs';
import { basename, dirname, join, resolve } from 'path';
import { fileURLToPath, pathToFileURL } from 'url';

const root = dirname(fileURLToPath(import.meta.url));
const windows = process.platform === 'win32';

/** tsx is loaded with --import, which Node has since 20.6. */
function nodeIsTooOld(version) {
  const parts = version.split('.').map(Number);
  return parts[0] < 20 || (parts[0] === 20 && parts[1] < 6);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** npm writes node_modules/.package-lock.json last, so a half-finished install does not have it. */
function installedByHand(folder) {
  const wanted = readJson(join(folder, 'package-lock.json'));
  const present = readJson(join(folder, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.keys(wanted.packages).every((path) => {
    const want = wanted.packages[path];
    const have = present.packages[path];
    if (path === '' || (!have && (want.optional || want.devOptional || want.peer))) return true;
    return Boolean(have) && have.version === want.version;
  });
}

/** True when node_modules is whole and belongs to today's package-lock.json. */
function isInstalled(folder, marker, lockHash) {
  if (!existsSync(join(folder, 'node_modules'))) return false;
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lockHash) return true;
  if (!installedByHand(folder)) return false;
  writeFileSync(marker, lockHash);
  return true;
}

function npm(args, folder) {
  // Set by npm itself when this runs as one of its scripts; it spares the search for npm.cmd.
  const cli = process.env.npm_execpath;
  const byNode = cli !== undefined && basename(cli) === 'npm-cli.js';
  const command = byNode ? process.execPath : 'npm';
  return spawnSync(command, byNode ? [cli].concat(args) : args, {
    cwd: folder,
    stdio: 'inherit',
    shell: windows && !byNode,
  });
}

function install(name, folder) {
  const lockHash = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  const marker = join(folder, 'node_modules', '.tiki-bridge-installed');
  if (isInstalled(folder, marker, lockHash)) return;
  const started = Date.now();
  console.log('Installing packages for ' + name + ' (npm ci) …');
  const run = npm(
    [
      'ci',
      '--include=dev',
      '--include=optional',
      // A script of `npm pack --dry-run` inherits that option.
      '--no-dry-run',
      // functions/ names the runtime that it is deployed to, and also works on older ones.
      '--no-engine-strict',
      '--no-audit',
      '--no-fund',
      '--no-update-notifier',
      '--loglevel=error',
    ],
    folder,
  );
  if (run.status !== 0) {
    const why = run.error ? ': ' + run.error.message : '';
    console.error('Installing packages for ' + name + ' failed' + why + '.');
    console.error('Run "npm ci" in ' + folder + ' to see more.');
    process.exit(run.status || 1);
  }
  // Only now: an install that was cut short leaves no marker and is done again.
  writeFileSync(marker, lockHash);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log('Installed packages for ' + name + ' in ' + seconds + ' s.');
}

/** Runs the script with tsx and ends as it ends. */
function run(script, args) {
  const loader = pathToFileURL(join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
  const child = spawn(process.execPath, ['--import', loader, resolve(root, script)].concat(args), {
    cwd: root,
    stdio: 'inherit',
  });
  // A terminal sends Ctrl-C to every process in its foreground group: the child has it already.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => {
    console.error('Could not start ' + script + ': ' + error.message);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (code !== null) process.exit(code);
    process.exit(signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1);
  });
}

if (nodeIsTooOld(process.versions.node)) {
  console.error(
    'This project needs Node.js 20.6 or newer; this is Node.js ' + process.versions.node + '.',
  );
  console.error('Get the current LTS release from https://nodejs.org/en/download, or:');
  console.error('  nvm install --lts     (https://github.com/nvm-sh/nvm)');
  console.error('  fnm install --lts     (https://github.com/Schniz/fnm)');
  process.exit(1);
}
install('the project', root);
install('functions/', join(root, 'functions'));
if (process.argv.length > 2) run(process.argv[2], process.argv.slice(3));
