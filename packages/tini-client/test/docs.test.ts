import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import type { Build } from '@tiki-bridge/testing/tini-runtime/build';
import { buildClient } from '@tiki-bridge/testing/tini-runtime/client-build';
import type { Phone } from '@tiki-bridge/testing/tini-runtime/phone';
import { buildProgram, openProgram, until } from '@tiki-bridge/testing/tini-runtime/program';
import { AN, createScene } from '@tiki-bridge/testing/tini-runtime/setup';

const PAGE = 'pages/home/index';
const PAGES = ['tini-app.md', 'tini-app.vi.md'];

const textOf = (page: string) => readFileSync(path.join(PROJECT_ROOT, 'docs', page), 'utf8');

/** The code of a page: the block under each "`src/….js`". */
function programOf(page: string): ReadonlyMap<string, string> {
  const blocks = textOf(page).matchAll(/`src\/([\w/.]+)`[^`]*```\w+\n(.*?)```/gs);
  return new Map([...blocks].map(([, name = '', code = '']) => [name, code]));
}

/** The commands of a page, without comments. */
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
  let client: Build;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tini-docs-'));
  beforeAll(() => {
    client = buildClient();
    mkdirSync(path.join(folder, 'src', path.dirname(PAGE)), { recursive: true });
    for (const [name, code] of files) writeFileSync(path.join(folder, 'src', name), code);
    writeFileSync(path.join(folder, 'src', 'app.json'), JSON.stringify({ pages: [PAGE] }));
  });
  afterAll(() => {
    client.remove();
    rmSync(folder, { recursive: true });
  });

  async function openHome(phone: Phone) {
    const program = buildProgram(folder, client.folder);
    const opened = await openProgram(program, phone);
    program.remove();
    return opened.openPage(PAGE);
  }

  it('is a complete mini program that logs in', async () => {
    expect([...files.keys()]).toEqual(['firebase.js', 'app.js', `${PAGE}.js`, `${PAGE}.txml`]);
    const { phone } = createScene(client);
    const home = await openHome(phone);

    phone.authCodeAnswers.push({ fail: { error: '2', errorMessage: 'Permission denied' } });
    await home.call('onLogIn');
    const before = { isLoggedIn: false, isBusy: false, name: '', message: '' };
    expect(home.data).toEqual({ ...before, message: 'Bạn chưa cho phép đăng nhập.' });
    await home.call('onLogIn');
    await until(home, ({ isLoggedIn }) => isLoggedIn === true);
    expect(home.data).toEqual({ ...before, isLoggedIn: true, name: AN.name });
    await home.call('onUnload');
  });

  it('handles a double tap, and a customer without a name', async () => {
    const { phone } = createScene(client);
    phone.customer = { ...AN, name: '' };
    const home = await openHome(phone);
    await Promise.all([home.call('onLogIn'), home.call('onLogIn')]);
    await until(home, ({ isLoggedIn }) => isLoggedIn === true);
    expect(home.data).toEqual({ isLoggedIn: true, isBusy: false, name: '', message: '' });
    expect(phone.authCodes).toHaveLength(1);
  });

  it('has a view that uses only data and handlers of its page', () => {
    const view = files.get(`${PAGE}.txml`) ?? '';
    const code = files.get(`${PAGE}.js`) ?? '';
    const named = [...view.matchAll(/\{\{!?(\w+)\}\}|onTap="(\w+)"/g)];
    expect(named).toHaveLength(7);
    for (const [, field, handler] of named) {
      expect(code).toMatch(
        field === undefined ? `${String(handler)}()` : new RegExp(`\\n {2}data: {.*\\b${field}: `),
      );
    }
  });
});
