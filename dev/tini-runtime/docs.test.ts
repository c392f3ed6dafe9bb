import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '../emulators/project-files';
import { buildClient, type ClientBuild } from './client-build';
import { buildProgram, openProgram, until } from './program';
import { AN, createScene } from './setup';

const PAGE = 'pages/home/index';
const PAGES = ['tini-app.md', 'tini-app.vi.md'];

const textOf = (page: string) => readFileSync(path.join(PROJECT_ROOT, 'docs', page), 'utf8');

/** What a reader types off a page: the code under each "`src/….js`". */
function programOf(page: string): ReadonlyMap<string, string> {
  const blocks = textOf(page).matchAll(/`src\/([\w/.]+)`[^`]*```\w+\n(.*?)```/gs);
  return new Map([...blocks].map(([, name = '', code = '']) => [name, code]));
}

/** Without the remarks beside them. */
const commandsOf = (page: string) =>
  [...textOf(page).matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) =>
    block.replace(/\s+#.*$/gm, ''),
  );

it('has the same commands in both languages', () => {
  const [english = [], vietnamese] = PAGES.map(commandsOf);
  expect(english).toHaveLength(7);
  expect(vietnamese).toEqual(english);
});

describe.each(PAGES)('the code in docs/%s', (page) => {
  const files = programOf(page);
  let client: ClientBuild;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tini-docs-'));
  beforeAll(() => {
    client = buildClient();
  });
  afterAll(() => {
    client.remove();
    rmSync(folder, { recursive: true });
  });

  it('is a whole mini program that logs in', async () => {
    expect([...files.keys()]).toEqual(['firebase.js', 'app.js', `${PAGE}.js`, `${PAGE}.txml`]);
    mkdirSync(path.join(folder, 'src', path.dirname(PAGE)), { recursive: true });
    for (const [name, code] of files) writeFileSync(path.join(folder, 'src', name), code);
    writeFileSync(path.join(folder, 'src', 'app.json'), JSON.stringify({ pages: [PAGE] }));
    const program = buildProgram(folder, client.folder);
    const { phone } = createScene(client);
    const opened = await openProgram(program, phone);
    program.remove();
    const home = await opened.openPage(PAGE);

    phone.authCodeAnswers.push({ fail: { error: '2', errorMessage: 'Permission denied' } });
    await home.call('onLogIn');
    expect(home.data).toEqual({ name: '', message: 'Bạn chưa cho phép đăng nhập.' });
    await home.call('onLogIn');
    await until(home, ({ name }) => name !== '');
    expect(home.data).toEqual({ name: AN.name, message: '' });
    await home.call('onUnload');
  });

  it('has a view that shows what the page has, and calls what it can', () => {
    const view = files.get(`${PAGE}.txml`) ?? '';
    const code = files.get(`${PAGE}.js`) ?? '';
    const named = [...view.matchAll(/\{\{!?(\w+)\}\}|onTap="(\w+)"/g)];
    expect(named).toHaveLength(6);
    for (const [, field, handler] of named) {
      expect(code).toMatch(field === undefined ? `${String(handler)}()` : `${field}: ''`);
    }
  });
});
