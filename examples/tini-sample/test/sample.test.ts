import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import type { Build } from '@tiki-bridge/testing/tini-runtime/build';
import { buildClient } from '@tiki-bridge/testing/tini-runtime/client-build';
import { createDocuments } from '@tiki-bridge/testing/tini-runtime/documents';
import { createPaymentsServer, LEFT, PAID } from '@tiki-bridge/testing/tini-runtime/payments';
import { createPhone } from '@tiki-bridge/testing/tini-runtime/phone';
import {
  buildProgram,
  openProgram,
  type ProgramBuild,
  until,
} from '@tiki-bridge/testing/tini-runtime/program';
import { googleError, json, problem } from '@tiki-bridge/testing/tini-runtime/stand-in';
import type { World } from '@tiki-bridge/testing/tini-runtime/world';
import {
  AN,
  BINH,
  createScene,
  DOMAIN,
  gate,
  START,
} from '@tiki-bridge/testing/tini-runtime/setup';

const SAMPLE = path.join(PROJECT_ROOT, 'examples', 'tini-sample');
const NOTE = 'pages/note/index';
const PREMIUM = 'pages/premium/index';
const SHOP = 'pages/shop/index';
const note = (text: string) => ({ text: { stringValue: text } });

/** The sample in TypeScript, made as its README says: the views of src, the code of typescript. */
function typescriptVariant(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tini-sample-'));
  const src = path.join(folder, 'src');
  cpSync(path.join(SAMPLE, 'src'), src, {
    recursive: true,
    filter: (file) => !file.endsWith('.js'),
  });
  cpSync(path.join(SAMPLE, 'typescript'), src, { recursive: true });
  rmSync(path.join(src, 'tsconfig.json'));
  return folder;
}

describe.each(['JavaScript', 'TypeScript'])('the sample mini program in %s', (language) => {
  let client: Build;
  let sample: ProgramBuild;
  beforeAll(() => {
    client = buildClient();
    const folder = language === 'TypeScript' ? typescriptVariant() : SAMPLE;
    sample = buildProgram(folder, client.folder);
    if (folder !== SAMPLE) rmSync(folder, { recursive: true });
  });
  afterAll(() => {
    sample.remove();
    client.remove();
  });

  /** An is logged in and has a note; Bình has one too. */
  async function start() {
    const { server } = createScene(client);
    const bridge = createPaymentsServer(() => START);
    server.beside = bridge.transport;
    const documents = createDocuments();
    documents.stored.set('users/tiki:1001/notes/first', note('của An'));
    documents.stored.set('users/tiki:1002/notes/first', note('của Bình'));
    documents.stored.set('premiumContent/welcome', {
      title: { stringValue: 'Chào mừng' },
      body: { stringValue: 'Chỉ dành cho bạn.' },
    });
    const phone = createPhone({
      domains: [DOMAIN],
      transport: (request) =>
        request.url.includes('/firestore/')
          ? documents.transport(request)
          : server.transport(request),
      issueAuthCode: server.issueAuthCode,
      customer: AN,
    });
    phone.pay = (orderId) => {
      bridge.pay(bridge.withId(orderId));
      const { premiumUntil } = bridge.withId(orderId);
      server.claims = { premiumAccount: true, premiumUntil };
      return PAID;
    };
    const program = await openProgram(sample, phone);
    const home = await program.openPage('pages/home/index');
    await until(home, ({ isReady }) => isReady === true);
    await home.call('onLogIn');
    const open = async (page: string) => {
      const opened = await program.openPage(page);
      await until(opened, ({ isReading }) => isReading === false);
      return opened;
    };
    /** Bình is logged in to Tiki, but not to the app yet. */
    const switchToBinh = async () => {
      phone.customer = BINH;
      program.show();
      await until(home, ({ isLoggedIn }) => isLoggedIn === false);
    };
    return { server, bridge, documents, phone, program, home, open, switchToBinh };
  }

  const stored = (documents: ReturnType<typeof createDocuments>) =>
    Object.fromEntries(
      [...documents.stored].map(([name, fields]) => [name, fields['text']] as const),
    );

  it("does not show the previous user's note, nor save it", async () => {
    const { documents, home, open, switchToBinh } = await start();
    const page = await open(NOTE);
    expect(page.data).toMatchObject({ text: 'của An', isLoaded: true });
    const before = stored(documents);
    await switchToBinh();
    expect(page.data).toMatchObject({ text: '', savedAt: '', isLoaded: false });
    await page.call('onSave');
    expect(stored(documents)).toEqual(before);

    await home.call('onLogIn');
    await until(page, ({ isLoaded }) => isLoaded === true);
    expect(page.data).toMatchObject({ text: 'của Bình', readError: '' });
    await page.call('onInput', { detail: { value: 'mới của Bình' } });
    await page.call('onSave');
    expect(stored(documents)).toMatchObject({
      'users/tiki:1001/notes/first': { stringValue: 'của An' },
      'users/tiki:1002/notes/first': { stringValue: 'mới của Bình' },
    });
  });

  it('does not overwrite a note that it could not read, and reads it on retry', async () => {
    const { documents, open } = await start();
    const before = stored(documents);
    documents.refused = true;
    const page = await open(NOTE);
    expect(page.data).toMatchObject({
      text: '',
      isLoaded: false,
      readError: 'Không tìm thấy hoặc không có quyền.',
    });
    documents.refused = false;
    await page.call('onSave');
    expect(stored(documents)).toEqual(before);
    await page.call('onReload');
    expect(page.data).toMatchObject({ text: 'của An', isLoaded: true, readError: '' });
  });

  it('keeps unsaved input when the same user returns', async () => {
    const { home, open, program } = await start();
    const page = await open(NOTE);
    await page.call('onInput', { detail: { value: 'viết dở' } });
    program.show();
    // This call finishes after the check of the customer.
    await home.call('onRefresh');
    await home.call('onLogIn');
    expect(page.data).toMatchObject({ text: 'viết dở', isLoaded: true });
  });

  it("does not show one user's data to the next", async () => {
    const { documents, home, phone, program, switchToBinh } = await start();
    const { open: release, opened } = gate();
    documents.hold = opened;
    const page = await program.openPage(NOTE);
    await until(page, () => phone.requests.some(({ url }) => url.includes('/firestore/')));
    await switchToBinh();
    documents.hold = undefined;
    await home.call('onLogIn');
    await until(page, ({ isLoaded }) => isLoaded === true);
    release();
    await home.call('onRefresh');
    expect(page.data).toMatchObject({ text: 'của Bình', readError: '' });
  });

  it('removes premium content when the paying user changes', async () => {
    const { server, home, open, switchToBinh } = await start();
    server.claims = { premiumAccount: true, premiumUntil: Date.UTC(2100, 0) };
    const page = await open(PREMIUM);
    expect(page.data).toMatchObject({ title: 'Chào mừng', body: 'Chỉ dành cho bạn.', why: '' });
    server.claims = {};
    await switchToBinh();
    expect(page.data).toMatchObject({ title: '', body: '' });
    await home.call('onLogIn');
    await until(page, ({ why }) => why !== '');
    expect(page.data).toMatchObject({
      title: '',
      why: 'Nội dung này dành cho tài khoản Premium.',
      isOffered: true,
    });
  });

  describe('the shop', () => {
    const buy = (plan: string) => ({ target: { dataset: { plan } } });

    it('shows plans, and opens premium when one is bought', async () => {
      const { home, program, open } = await start();
      const premium = await open(PREMIUM);
      expect(premium.data).toMatchObject({ isOffered: true });
      await premium.call('onOpenShop');
      expect(program.visited).toEqual([SHOP]);
      const shop = await open(SHOP);
      expect(shop.data['plans']).toMatchObject([
        { id: 'month', name: '1 tháng', price: '49.000\u00a0₫', isBest: false },
        { id: 'year', price: '490.000\u00a0₫', perDay: '1.342\u00a0₫ mỗi ngày', isBest: true },
      ]);
      expect(shop.data['orders']).toEqual([]);

      await shop.call('onBuy', buy('month'));
      expect(shop.data).toMatchObject({
        message: 'Đã thanh toán. Cảm ơn bạn!',
        isBuying: false,
        premium: 'Premium đến 22/12/2026',
        orders: [{ name: '1 tháng', date: '22/11/2026', state: 'Đã thanh toán' }],
      });
      await premium.call('onShow');
      await until(premium, ({ isLoaded }) => isLoaded === true);
      expect(premium.data).toMatchObject({ title: 'Chào mừng', isOffered: false });
      await home.call('onShow');
      expect(home.data).toMatchObject({ premium: 'Premium đến 22/12/2026' });
    });

    it('shows the steps below the plan that was tapped, and ignores a second tap', async () => {
      const { phone, open } = await start();
      const shop = await open(SHOP);
      const { open: pay, opened } = gate();
      const { pay: paid } = phone;
      phone.pay = (orderId) => opened.then(() => paid(orderId));
      const bought = shop.call('onBuy', buy('year'));
      await until(shop, ({ step }) => step === 'Đang chờ bạn thanh toán…');
      expect(shop.data).toMatchObject({ plan: 'year', isBuying: true });
      await shop.call('onBuy', buy('month'));
      pay();
      await bought;
      expect(phone.payments).toHaveLength(1);
    });

    it('says that nothing was paid when the user left, and shows the order', async () => {
      const { phone, bridge, open } = await start();
      phone.pay = (orderId) => {
        bridge.change(bridge.withId(orderId), { state: 'canceled', canceledAt: START });
        return LEFT;
      };
      const shop = await open(SHOP);
      await shop.call('onBuy', buy('month'));
      expect(shop.data).toMatchObject({
        message: 'Bạn chưa thanh toán.',
        orders: [{ state: 'Đã huỷ' }],
        premium: '',
      });
    });

    it('opens premium that was paid while the page was not there', async () => {
      const { server, bridge, phone, open } = await start();
      const shop = await open(SHOP);
      phone.pay = () => new Promise(() => undefined);
      void shop.call('onBuy', buy('month'));
      await until(shop, ({ step }) => step === 'Đang chờ bạn thanh toán…');
      await shop.call('onUnload');
      const premiumUntil = Date.UTC(2100, 0);
      const order = bridge.withId(phone.payments[0]);
      bridge.change(order, { state: 'paid', paidAt: START, premiumUntil });
      server.claims = { premiumAccount: true, premiumUntil };
      const later = await open(SHOP);
      expect(later.data['orders']).toMatchObject([{ state: 'Đã thanh toán' }]);
      expect(later.data['premium']).toMatch(/^Premium đến /);
    });

    it("shows nothing of one user's purchase to the next", async () => {
      const { phone, home, open, switchToBinh } = await start();
      const shop = await open(SHOP);
      const { open: pay, opened } = gate();
      const { pay: paid } = phone;
      phone.pay = (orderId) => opened.then(() => paid(orderId));
      const bought = shop.call('onBuy', buy('month'));
      await until(shop, ({ step }) => step === 'Đang chờ bạn thanh toán…');
      await switchToBinh();
      await home.call('onLogIn');
      await until(shop, ({ isLoaded }) => isLoaded === true);
      pay();
      await bought;
      expect(shop.data).toMatchObject({ step: '', message: '', isBuying: false, orders: [] });
    });
  });

  it('shows a failure below the button that was tapped, until the next tap', async () => {
    const { server, home } = await start();
    server.answers.push({ path: '/securetoken', answer: googleError(400, 'API key not valid.') });
    await home.call('onRefresh');
    expect(home.data).toMatchObject({
      action: 'refresh',
      isBusy: false,
      message: 'Ứng dụng lỗi. Hãy báo nhà phát triển.',
    });
    await home.call('onLogOut');
    expect(home.data).toMatchObject({ action: 'logOut', message: '' });
  });

  it("shows the user's picture only if Tiki lets the app read it without a question", async () => {
    const { phone } = await start();
    const openWith = async (userInfo: boolean) => {
      type Options = Readonly<Record<'success', (given: object) => void>>;
      const extendMy = (my: World['my']) => ({
        ...my,
        getSetting: ({ success }: Options) => {
          success({ authSetting: { userInfo } });
        },
        getUserInfo: ({ success }: Options) => {
          success({ customerId: AN.id, avatar: 'https://example.vn/an.png' });
        },
      });
      const program = await openProgram(sample, phone, { extendMy });
      const home = await program.openPage('pages/home/index');
      await until(home, ({ isReady }) => isReady === true);
      await home.call('onLogIn');
      return home.data;
    };
    expect(await openWith(true)).toMatchObject({ avatar: 'https://example.vn/an.png' });
    expect(await openWith(false)).toMatchObject({ avatar: '', initial: 'A' });
  });

  describe('its web page', () => {
    const type = 'tiki-firebase-hand-over';
    const announcement = { type, challenge: 'A'.repeat(43), origin: DOMAIN };
    const code = 'c0de'.padEnd(43, '-');

    /** Opens the page in the web-view. It posts its announcement once `my` is there. */
    async function openWeb({ home, program }: Awaited<ReturnType<typeof start>>) {
      await home.call('onOpenWeb');
      const [visited = ''] = program.visited.slice(-1);
      const page = await program.openPage(visited);
      const { window, ready } = page.openWebView();
      const messages: unknown[] = [];
      window.onmessage = ({ data }) => messages.push(data);
      const announce = () => window.my?.postMessage(announcement);
      window.document.addEventListener('TiniAppJSBridgeReady', announce);
      ready();
      return { page, messages, announce, location: window.location };
    }

    it('gets a code for the user when it asks for one', async () => {
      const started = await start();
      started.server.answers.push({ path: '/session/hand_over', answer: json(200, { code }) });
      const { page, messages, location } = await openWeb(started);
      await until(page, () => messages.length > 0);
      expect(messages).toEqual([{ type, code }]);
      expect(location.href).toBe(`${DOMAIN}/?from=app`);
    });

    it('works without a code, and may ask again', async () => {
      const warn = jest.spyOn(console, 'warn').mockImplementation();
      const started = await start();
      const { answers } = started.server;
      answers.push({ path: '/session/hand_over', answer: problem(503, 'not-configured') });
      const { page, messages, announce } = await openWeb(started);
      await until(page, () => warn.mock.calls.length > 0);
      expect(warn).toHaveBeenCalledWith('No hand-over: not-configured');
      expect(messages).toEqual([]);

      answers.push({ path: '/session/hand_over', answer: json(200, { code }) });
      announce();
      await until(page, () => messages.length > 0);
      warn.mockRestore();
    });
  });

  it.each(['home', 'note', 'premium', 'shop', 'web'])(
    'has a view of %s that uses what its page has',
    async (name) => {
      const { program } = await start();
      const { data } = await program.openPage(`pages/${name}/index`);
      const view = readFileSync(path.join(SAMPLE, 'src', 'pages', name, 'index.txml'), 'utf8');
      const code = readFileSync(
        language === 'TypeScript'
          ? path.join(SAMPLE, 'typescript', 'pages', name, 'index.ts')
          : path.join(SAMPLE, 'src', 'pages', name, 'index.js'),
        'utf8',
      );
      const used = [...view.matchAll(/\{\{(.*?)\}\}/g)].flatMap(([, expression = '']) => [
        ...expression.replace(/'[^']*'|\.\w+/g, '').matchAll(/[a-zA-Z]+/g),
      ]);
      const handlers = [...view.matchAll(/ on\w+="(\w+)"/g)].map(([, handler = '']) => handler);
      const known = [...Object.keys(data), 'item', 'true'];

      expect(used.map(([field]) => field).filter((field) => !known.includes(field))).toEqual([]);
      expect(handlers.length).toBeGreaterThan(0);
      expect(handlers.filter((handler) => !code.includes(`\n  ${handler}(`))).toEqual([]);
    },
  );

  it('sends no requests from a page that was left', async () => {
    const { home, open, phone, switchToBinh } = await start();
    const page = await open(NOTE);
    await page.call('onUnload');
    phone.requests.length = 0;
    await switchToBinh();
    await home.call('onLogIn');
    await home.call('onRefresh');
    expect(phone.requests.filter(({ url }) => url.includes('/firestore/'))).toEqual([]);
  });
});
