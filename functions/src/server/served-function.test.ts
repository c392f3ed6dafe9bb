import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { frameworkOptions, servedFunction } from './served-function';

describe('frameworkOptions', () => {
  const options = (args: readonly string[], env: NodeJS.ProcessEnv) =>
    frameworkOptions({ argv: ['node', 'main.js', ...args], cwd: () => '/workspace', env });

  it('reads the variables that Cloud Functions sets', () => {
    expect(options([], { FUNCTION_TARGET: 'auth', PORT: '8081' })).toEqual({
      source: '/workspace',
      target: 'auth',
      port: 8081,
    });
  });

  it.each([
    [['--target=a', '--source=code', '--port=1']],
    [['--target', 'a', '--source', 'code', '--port', '1']],
  ])('prefers arguments: %j', (args) => {
    expect(options(args, { FUNCTION_TARGET: 'b', PORT: '2', FUNCTION_SOURCE: 'x' })).toEqual({
      source: '/workspace/code',
      target: 'a',
      port: 1,
    });
  });

  it('knows no target outside the framework', () => {
    expect(options(['--anything'], {}).target).toBeUndefined();
  });
});

describe('servedFunction', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'served-'));
    writeFileSync(path.join(folder, 'package.json'), '{"main":"entry.js"}');
    writeFileSync(
      path.join(folder, 'entry.js'),
      'exports.auth = () => "plain"; exports.group = { auth: () => "grouped" };',
    );
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const served = (target: string) => {
    const found = servedFunction(folder, target);
    return typeof found === 'function' ? (found as () => unknown)() : found;
  };

  it('is the export that the target names, also within a group', () => {
    expect([served('auth'), served('group.auth')]).toEqual(['plain', 'grouped']);
  });

  it.each(['nothing', 'auth.below', 'group.nothing'])('is undefined for %s', (target) => {
    expect(served(target)).toBeUndefined();
  });

  it('is undefined where there is no module', () => {
    expect(servedFunction(path.join(folder, 'elsewhere'), 'auth')).toBeUndefined();
  });
});
