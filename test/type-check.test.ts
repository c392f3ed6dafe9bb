import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import ts from 'typescript';
import { PROJECT_FILES } from './project-tree';
import { filesOf, SUITES } from './suites';

const relative = (file: string) => path.relative(PROJECT_ROOT, file).replaceAll(path.sep, '/');

/** The projects that `npm run typecheck` names, as tsconfig files. */
function checkedProjects(): string[] {
  const { scripts } = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
    readonly scripts: { readonly typecheck: string };
  };
  const [tsc, build, ...projects] = scripts.typecheck.split(' ');
  expect([tsc, build]).toEqual(['tsc', '-b']);
  return projects.map((project) =>
    path.join(PROJECT_ROOT, project, project.endsWith('.json') ? '' : 'tsconfig.json'),
  );
}

function filesOfProject(config: string): string[] {
  const { config: json } = ts.readConfigFile(config, (file) => readFileSync(file, 'utf8')) as {
    config: unknown;
  };
  return ts
    .parseJsonConfigFileContent(json, ts.sys, path.dirname(config), undefined, config)
    .fileNames.map(relative);
}

describe('npm run typecheck', () => {
  const checked = checkedProjects().flatMap(filesOfProject);

  it('checks every TypeScript file of the project', () => {
    const sources = PROJECT_FILES.filter((file) => file.endsWith('.ts'));

    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((file) => !checked.includes(file))).toEqual([]);
  });

  it('checks every file that jest runs', () => {
    const tests = SUITES.flatMap(filesOf).map(relative);

    expect(tests.length).toBeGreaterThan(100);
    expect(tests.filter((file) => !checked.includes(file))).toEqual([]);
  });

  it('checks the sample mini program', () => {
    expect(checked).toContain('examples/tini-sample/src/app.js');
  });
});
