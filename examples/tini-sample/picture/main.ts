// Run by hand: node bootstrap.mjs examples/tini-sample/picture/main.ts
// Draws the pages for the README: their txml and tcss, with the data that they have in the simulated
// runtime, as HTML in Chromium.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { launchChromium } from '@tiki-bridge/testing/browser/launch-chromium';
import { buildClient } from '@tiki-bridge/testing/tini-runtime/client-build';
import { createDocuments } from '@tiki-bridge/testing/tini-runtime/documents';
import { createPhone } from '@tiki-bridge/testing/tini-runtime/phone';
import { buildProgram, openProgram, until } from '@tiki-bridge/testing/tini-runtime/program';
import { createPaymentsServer } from '@tiki-bridge/testing/tini-runtime/payments';
import { AN, DOMAIN, phoneWithServer } from '@tiki-bridge/testing/tini-runtime/setup';

const SAMPLE = path.join(PROJECT_ROOT, 'examples', 'tini-sample');
const PICTURE = path.join(PROJECT_ROOT, 'docs', 'images', 'tini-sample.png');
const FONTS = path.join(PROJECT_ROOT, 'examples', 'demo', 'page', 'fonts');

interface Shown {
  readonly page: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the pages show one after the other: to An who refuses the login, then to An logged in. */
async function shownPages(): Promise<readonly Shown[]> {
  const client = buildClient();
  const sample = buildProgram(SAMPLE, client.folder);
  try {
    const { server } = phoneWithServer(Date.now);
    server.beside = createPaymentsServer(Date.now).transport;
    const documents = createDocuments();
    documents.stored.set('users/tiki:1001/notes/first', {
      text: { stringValue: 'Mua cà phê cho bố.\nTrả sách thư viện trước thứ Sáu.' },
    });
    const phone = createPhone({
      domains: [DOMAIN],
      transport: (request) =>
        (request.url.includes('/firestore/') ? documents : server).transport(request),
      issueAuthCode: server.issueAuthCode,
      customer: AN,
    });
    const program = await openProgram(sample, phone);
    const shown: Shown[] = [];
    const home = await program.openPage('pages/home/index');
    await until(home, ({ isReady }) => isReady === true);
    phone.authCodeAnswers.push({ fail: { error: '2', errorMessage: 'Permission denied' } });
    await home.call('onLogIn');
    shown.push({ page: 'home', data: { ...home.data } });
    await home.call('onLogIn');
    await until(home, ({ isLoggedIn }) => isLoggedIn === true);
    shown.push({ page: 'home', data: { ...home.data } });
    for (const page of ['note', 'premium', 'shop']) {
      const opened = await program.openPage(`pages/${page}/index`);
      await until(opened, ({ isReading }) => isReading === false);
      shown.push({ page, data: { ...opened.data } });
    }
    return shown;
  } finally {
    sample.remove();
    client.remove();
  }
}

/** 750rpx are the width of a phone, which is 375px here. */
const toCss = (tcss: string) =>
  tcss.replace(/(\d+)rpx/g, (_, rpx: string) => `${Number(rpx) / 2}px`);

/** The fonts of the demo page, which have all Vietnamese letters. */
function fontFaces(): string {
  const faces = ['latin', 'vietnamese'].flatMap((script) =>
    [400, 500, 600].map((weight) => {
      const font = readFileSync(
        path.join(FONTS, `be-vietnam-pro-${script}-${weight}-normal.woff2`),
      );
      const range = script === 'latin' ? 'U+0000-00FF, U+2000-206F, U+2713' : 'U+0100-1EFF, U+20AB';
      return `@font-face { font-family: Tini; font-weight: ${weight}; unicode-range: ${range};
        src: url(data:font/woff2;base64,${font.toString('base64')}); }`;
    }),
  );
  return faces.join('\n');
}

async function draw(shown: readonly Shown[]): Promise<void> {
  const source = (...names: readonly string[]) =>
    readFileSync(path.join(SAMPLE, 'src', ...names), 'utf8');
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1995, height: 560 } });
    await page.setContent('<!doctype html><html lang="vi"><body></body></html>');
    await page.addStyleTag({ content: fontFaces() });
    await page.addStyleTag({ path: path.join(__dirname, 'components.css') });
    await page.addStyleTag({ content: toCss(source('app.tcss')) });
    for (const name of new Set(shown.map((each) => each.page))) {
      await page.addStyleTag({ content: toCss(source('pages', name, 'index.tcss')) });
    }
    await page.addScriptTag({ path: path.join(__dirname, 'render.js') });
    for (const { page: name, data } of shown) {
      const { defaultTitle } = JSON.parse(source('pages', name, 'index.json')) as {
        readonly defaultTitle: string;
      };
      const given = [defaultTitle, source('pages', name, 'index.txml'), data];
      await page.evaluate(`drawPage(${given.map((each) => JSON.stringify(each)).join()})`);
    }
    await page.evaluate('document.fonts.ready');
    await page.screenshot({ path: PICTURE, fullPage: true });
  } finally {
    await browser.close();
  }
  console.log(PICTURE);
}

shownPages()
  .then(draw)
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
