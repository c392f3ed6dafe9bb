import { execFile } from 'node:child_process';
import type { TikiFirebaseError } from 'tiki-firebase-client';
import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { liveForTests } from '@tiki-bridge/testing/tini-runtime/live';
import { openProgram, until } from '@tiki-bridge/testing/tini-runtime/program';
import { AN, BINH, DOMAIN } from '@tiki-bridge/testing/tini-runtime/setup';

/** Nobody else's purchases are theirs. */
const BUYER = { id: '1003', name: 'Lê Thị Chi' };

const HOUR_MS = 3_600_000;
/** More than Tiki's schedule of repeats: a message arrives, however busy this machine is. */
const TWO_DAYS_MS = 48 * HOUR_MS;

const SAMPLE = path.join(PROJECT_ROOT, 'examples', 'tini-sample');

describeWithFirestore('the sample mini program', () => {
  const live = liveForTests(SAMPLE);
  const start = async (phone = live.phone()) => {
    const program = await openProgram(live.program(), phone);
    const home = await program.openPage('pages/home/index');
    await until(home, ({ isReady }) => isReady === true);
    const open = async (page: string) => {
      const opened = await program.openPage(page);
      await until(opened, ({ isReading }) => isReading === false);
      return opened;
    };
    return { phone, program, home, open };
  };

  it('logs in with one tap and shows the user', async () => {
    const { home, phone } = await start();
    expect(home.data).toMatchObject({ isLoggedIn: false, message: '' });
    await home.call('onLogIn');
    expect(home.data).toMatchObject({
      isLoggedIn: true,
      name: AN.name,
      uid: 'tiki:1001',
      premium: 'Miễn phí',
      isBusy: false,
    });
    expect(phone.requests.every(({ url }) => url.startsWith(`${DOMAIN}/`))).toBe(true);
  });

  it('shows in Vietnamese that the user refused', async () => {
    const { home, phone } = await start();
    phone.authCodeAnswers.push({ fail: { error: '2', errorMessage: 'Permission denied' } });
    await home.call('onLogIn');
    expect(home.data).toMatchObject({
      isLoggedIn: false,
      isBusy: false,
      message: 'Bạn chưa cho phép đăng nhập.',
    });
  });

  it('is still logged in after an offline restart, but not as another user', async () => {
    const { home, phone } = await start();
    await home.call('onLogIn');
    phone.online = false;
    expect((await start(phone)).home.data).toMatchObject({ isLoggedIn: true, name: AN.name });
    phone.customer = BINH;
    expect((await start(phone)).home.data).toMatchObject({ isLoggedIn: false, name: '' });
  });

  it('saves a note', async () => {
    const { home, program, phone, open } = await start();
    await home.call('onLogIn');
    await home.call('onOpenNote');
    expect(program.visited).toEqual(['pages/note/index']);
    const note = await open('pages/note/index');
    await note.call('onInput', { detail: { value: 'Mua cà phê sữa đá ☕' } });
    await note.call('onSave');
    const savedAt = expect.stringMatching(/^\d+:\d\d, \d+\/\d+\/\d{4}$/) as string;
    expect(note.data).toMatchObject({ message: '', isBusy: false, savedAt });
    const later = await start(phone);
    const read = await later.open('pages/note/index');
    expect(read.data).toMatchObject({ text: 'Mua cà phê sữa đá ☕', readError: '' });
  });

  it('asks a signed-out visitor to log in', async () => {
    const { open } = await start();
    const note = await open('pages/note/index');
    expect(note.data).toMatchObject({ readError: 'Hãy đăng nhập lại.' });
  });

  it('shows premium content to paying users, and others why not', async () => {
    await live.publish('premiumContent/welcome', {
      title: { stringValue: 'Chào mừng' },
      body: { stringValue: 'Chỉ dành cho bạn.' },
    });
    const { home, open } = await start();
    await home.call('onLogIn');
    await live.setClaims(AN, {});
    const shut = await open('pages/premium/index');
    expect(shut.data).toMatchObject({ title: '', why: 'Nội dung này dành cho tài khoản Premium.' });
    await live.setClaims(AN, { premiumAccount: true, premiumUntil: Date.now() + 3_600_000 });
    const opened = await open('pages/premium/index');
    expect(opened.data).toMatchObject({ title: 'Chào mừng', body: 'Chỉ dành cho bạn.', why: '' });
    await home.call('onRefresh');
    expect(home.data['premium']).toMatch(/^Premium đến \d+\/\d+\/\d{4}$/);
  });

  it('sells premium: denied, bought, allowed within one refresh, and closed by a refund', async () => {
    for (const collection of ['premiumContent', 'premiumContentStrict']) {
      await live.publish(`${collection}/welcome`, {
        title: { stringValue: 'Chào mừng' },
        body: { stringValue: 'Chỉ dành cho bạn.' },
      });
    }
    const { simulator } = live.bridge();
    const phone = live.phone();
    phone.customer = BUYER;
    const { firebase } = live.open(phone);
    await firebase.signIn();
    const read = async (collection: string) => {
      const call = firebase.firestore().get(`${collection}/welcome`);
      // All errors of the client have a code.
      return call.then(Boolean, (error: unknown) => (error as TikiFirebaseError).code);
    };
    const gates = async () => [await read('premiumContent'), await read('premiumContentStrict')];
    const DENIED = 'permission-denied';
    expect(await gates()).toEqual([DENIED, DENIED]);

    // The sample has the same session, from storage.
    const { open } = await start(phone);
    const shop = await open('pages/shop/index');
    const [plan] = shop.data['plans'] as readonly { readonly id: string }[];
    const { pay } = phone;
    /** Before Tiki's payment calls back, the bridge knows of it, or has been down for so long. */
    const payWhileDown = (outageMs: number) => async (orderId: string) => {
      const said = await pay(orderId);
      await simulator.advance(outageMs);
      if (outageMs > 0) expect(await gates()).toEqual([DENIED, DENIED]);
      await simulator.advance(TWO_DAYS_MS);
      return said;
    };
    const buy = async () => {
      phone.requests.length = 0;
      await shop.call('onBuy', { target: { dataset: { plan: plan?.id } } });
      expect(shop.data['message']).toBe('Đã thanh toán. Cảm ơn bạn!');
      const refreshes = phone.requests.filter(({ url }) => url.includes('/securetoken/'));
      expect(refreshes).toHaveLength(1);
      const premium = await open('pages/premium/index');
      expect(premium.data).toMatchObject({ title: 'Chào mừng', why: '' });
      // The other app has a token of its own.
      await firebase.getIdToken({ forceRefresh: true });
      expect(await gates()).toEqual([true, true]);
    };
    phone.pay = payWhileDown(0);
    await buy();
    expect(shop.data['orders']).toMatchObject([{ state: 'Đã thanh toán' }]);

    // Tiki pays back and tells the bridge.
    simulator.trigger({ status: 'canceled', orderId: phone.payments[0] ?? '' });
    await simulator.advance(TWO_DAYS_MS);
    expect(await gates()).toEqual([true, DENIED]);
    await firebase.getIdToken({ forceRefresh: true });
    expect(await gates()).toEqual([DENIED, DENIED]);
    const [refunded] = await firebase.payments().orders();
    expect(refunded).toMatchObject({ state: 'canceled' });
    expect(refunded?.refundedAt).toEqual(expect.any(Number));

    // Tiki tries at once, then after 1, 6 and 36 minutes, and gets through after 96.
    simulator.setFault({ path: 'ipn', times: 4, fault: { kind: 'lost' } });
    phone.pay = payWhileDown(HOUR_MS);
    await buy();
    expect(simulator.messages.at(-1)?.attempts.slice(0, 5)).toMatchObject([
      ...Array.from({ length: 4 }, () => ({ fault: 'lost' })),
      { fault: undefined },
    ]);
  });

  it('hands its user over to the web page, once and to nobody else', async () => {
    const { home, program } = await start();
    await home.call('onLogIn');
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    const page = await program.openPage('pages/web/index');
    const { window, ready } = page.openWebView();
    const codes: string[] = [];
    // The documented message.
    window.onmessage = ({ data }) => codes.push((data as { readonly code: string }).code);
    ready();
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    window.my?.postMessage({ type: 'tiki-firebase-hand-over', challenge, origin: DOMAIN });
    await until(page, () => codes.length > 0 || warn.mock.calls.length > 0);
    expect(warn.mock.calls).toEqual([]);
    warn.mockRestore();

    const signIn = (proof: object, origin = DOMAIN) =>
      fetch(`${live.bridge().hostingOrigin}/session/sign_in`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: origin },
        body: JSON.stringify({ code: codes[0], verifier, ...proof }),
      });
    const other = randomBytes(32).toString('base64url');
    expect((await signIn({ verifier: other })).status).toBe(403);
    expect((await signIn({}, 'https://evil.example')).status).toBe(403);
    const signedIn = await signIn({});
    expect(await signedIn.json()).toMatchObject({ user: { uid: 'tiki:1001', name: AN.name } });
    expect(signedIn.headers.get('set-cookie')).toMatch(/^__session=/);
    expect((await signIn({})).status).toBe(403);
  });

  it('runs in a terminal beside npm start, with npm run tini-app', async () => {
    const { hostingOrigin, simulator } = live.bridge();
    const running = promisify(execFile)(process.execPath, [
      path.join(PROJECT_ROOT, 'bootstrap.mjs'),
      path.join(PROJECT_ROOT, 'packages/testing/src/tini-runtime/main.ts'),
      ...[SAMPLE, DOMAIN, '--hosting', hostingOrigin, '--simulator', simulator.origin],
      ...['--customer', '9007199254740993'],
    ]);
    running.child.stdin?.end(
      [
        'open pages/home/index',
        'call onLogIn',
        'data',
        'customer 1002',
        'call onLogIn',
        'data',
        'open pages/nowhere',
      ].join('\n'),
    );
    const { stdout } = await running;
    expect(stdout).toContain('"uid": "tiki:9007199254740993"');
    expect(stdout).toContain('"uid": "tiki:1002"');
    expect(stdout).toContain('No page pages/nowhere');
  });

  it('logs out', async () => {
    const { home, phone } = await start();
    await home.call('onLogIn');
    await home.call('onLogOut');
    await until(home, ({ isLoggedIn }) => isLoggedIn === false);
    expect((await start(phone)).home.data).toMatchObject({ isLoggedIn: false });
  });
});
