import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Connection } from '../../../src/premium/connection';
import { assemblePremium } from '../../../src/premium/open-premium';
import { DAY_MS } from '../../../src/premium/purchase';
import { describeWithFirestore } from '@tiki-bridge/testing/emulators/firestore-engine';
import { type Playground, startPlayground } from './playground';
import { runBridge } from '@tiki-bridge/cli/run';

/** The arguments of the command that the output says to run. */
function repetitionIn(output: string): string[] {
  return /: npm run premium -- (.+)$/m.exec(output)?.[1]?.split(' ') ?? [];
}

describeWithFirestore('premium, from the operators’ side', () => {
  let playground: Playground;
  /** Like instances of the functions. */
  let instances: Connection[];

  beforeAll(async () => {
    playground = await startPlayground();
    Object.assign(process.env, playground.env);
    const { projectId } = playground.bridge;
    const target = { projectId, by: 'operator', timeoutMs: 30_000 } as const;
    instances = await Promise.all(Array.from({ length: 5 }, () => connect(target)));
    for (const it of instances) {
      playground.atClose(() => it.close());
      // Opens the connection now, so that the fifty concurrent calls do not wait for it.
      await it.store.change('tiki:200', () => ({ result: undefined }));
    }
  });

  afterAll(async () => {
    await playground.close();
  });

  const instance = (index: number): Connection => {
    const found = instances[index % instances.length];
    if (!found) throw new Error('no instance');
    return found;
  };
  const premium = () => assemblePremium(instance(0));
  const run = (...args: string[]) => runBridge(['premium', ...args], playground.env);

  it('reaches emulators directly, whatever proxies the shell names', async () => {
    const env: Record<string, string> = { ...playground.env, no_grpc_proxy: 'example.com' };
    for (const name of ['http_proxy', 'https_proxy', 'grpc_proxy', 'all_proxy']) {
      // Nobody listens there.
      env[name] = env[name.toUpperCase()] = 'http://127.0.0.1:9';
    }
    expect(await runBridge(['premium', 'show', 'tiki:299'], env)).toMatchObject({
      // What Firestore and Auth answered.
      stderr: 'Failed (unknown-user): tiki:299 has no purchases and no account\n',
    });
  });

  it('adds up fifty concurrent grants from several instances exactly', async () => {
    const uid = 'tiki:201';
    const services = instances.map((it) => assemblePremium(it).service);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, async (_, index) =>
        services[index % services.length]?.grant(uid, { id: `gift-${index}`, days: 3 }),
      ),
    );
    expect(outcomes.map((it) => it?.changed)).toEqual(outcomes.map(() => true));
    const { entitlement, account, drift } = await premium().service.show(uid);
    const start = Math.min(...(entitlement?.purchases.map(({ at }) => at) ?? []));
    const premiumUntil = start + 150 * DAY_MS;
    expect(entitlement).toMatchObject({ premiumUntil, version: 50, projectedVersion: 50 });
    expect(account?.claims).toEqual({ premiumAccount: true, premiumUntil });
    expect(drift).toBeUndefined();
  });

  it('applies a grant repeated a hundred times once, half of them concurrently', async () => {
    const uid = 'tiki:202';
    const again = (index: number) =>
      assemblePremium(instance(index)).service.grant(uid, { id: 'gift', days: 3 });
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, index) => again(index)));
    for (let index = 50; index < 100; index += 1) outcomes.push(await again(index));
    expect(outcomes.filter(({ changed }) => changed)).toHaveLength(1);
    const { entitlement } = await premium().service.show(uid);
    expect(entitlement).toMatchObject({ version: 1, projectedVersion: 1 });
    expect(entitlement?.premiumUntil).toBe((entitlement?.purchases[0]?.at ?? 0) + 3 * DAY_MS);
  });

  it('converges when the older of two changes is delayed before reaching the account', async () => {
    const uid = 'tiki:203';
    let goOn: () => void = () => undefined;
    const mayGo = new Promise<void>((resolve) => (goOn = resolve));
    let send: () => void = () => undefined;
    const sent = new Promise<void>((resolve) => (send = resolve));
    const { accounts } = instance(1);
    const slow = assemblePremium({
      ...instance(1),
      accounts: {
        ...accounts,
        writeClaims: async (who, claims) => {
          send();
          await mayGo;
          await accounts.writeClaims(who, claims);
        },
      },
    });
    const older = slow.service.grant(uid, { id: 'order', days: 30 });
    await sent;
    const refund = premium().service.revoke(uid, { id: 'order' });
    goOn();
    await Promise.all([older, refund]);
    const { entitlement, account } = await premium().service.show(uid);
    expect(entitlement).toMatchObject({ premiumUntil: null, version: 2, projectedVersion: 2 });
    expect(account?.claims).toEqual({});
  });

  it('grants, shows, revokes and reconciles from the command line', async () => {
    const uid = 'tiki:204';
    const granted = await run('grant', uid, '--days', '30', '--id', 'gift');
    expect(granted).toMatchObject({ code: 0 });
    expect(granted.stdout).toMatch(
      /^Acting on the emulators at .* \(project demo-tiki-bridge\)\n.* npm run premium -- grant tiki:204 --days 30 --id gift\nGranted 30 days as gift: tiki:204\nPremium until 20.*\n.*\nDone\.\n$/,
    );
    expect((await run('show', uid)).stdout).toMatch(
      /active .* 30 days .* gift\n.*"premiumAccount":true/,
    );

    await instance(0).accounts.writeClaims(uid, { role: 'editor' });
    const found = await run('reconcile');
    expect(found).toMatchObject({ code: 1 });
    expect(found.stdout).toMatch(
      /tiki:204 +claims-missing +not fixed\n1 differed, 0 fixed, 1 left/,
    );
    const mended = await run('reconcile', '--fix', '--json');
    expect(mended.code).toBe(0);
    expect(JSON.parse(mended.stdout)).toMatchObject({
      outcome: 'done',
      target: { kind: 'emulators', projectId: 'demo-tiki-bridge' },
      result: { drifts: [{ uid, kind: 'claims-missing', mended: true }] },
    });

    const revoked = await run('revoke', uid, '--all');
    expect(revoked).toMatchObject({ code: 0 });
    expect(revoked.stdout).toContain('Not premium.');
    expect(await instance(0).accounts.read(uid)).toEqual({ uid, claims: { role: 'editor' } });
  });

  it('says how to repeat a grant that was stored and did not reach the account', async () => {
    const uid = 'tiki:207';
    const env = { ...playground.env, FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:1' };
    const failed = await runBridge(['premium', 'grant', uid, '--days', '30'], env);
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stderr).toMatch(/^Unknown \(account-unavailable\): Stored in Firestore, but /m);
    const told = repetitionIn(failed.stderr);
    expect(await run(...told)).toMatchObject({ code: 0 });
    const { entitlement } = await premium().service.show(uid);
    expect(entitlement?.purchases).toMatchObject([{ id: told.at(-1), days: 30 }]);
  });

  it('deletes a customer, who stays deleted and starts anew', async () => {
    const uid = 'tiki:209';
    await run('grant', uid, '--days', '30', '--id', 'gift');
    const deleted = await run('delete', uid, '--yes');
    expect(deleted).toMatchObject({ code: 0 });
    expect(deleted.stdout).toMatch(
      /\nDeleted the purchases and the account of tiki:209\.\n(.*\n)+Done\.\n$/,
    );
    const again = await run('delete', uid, '--yes');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain('Nothing was left of tiki:209.');
    await premium().reconcile({ fix: true });
    expect(await instance(0).accounts.read(uid)).toBeUndefined();
    const device = await playground.signIn('209');
    expect(await device.claims()).not.toHaveProperty('premiumAccount');
  });

  it('does not bring back an account that was deleted in the console', async () => {
    const uid = 'tiki:210';
    await premium().service.grant(uid, { id: 'gift', days: 30 });
    await instance(0).accounts.remove(uid);
    const report = await run('reconcile', '--fix');
    expect(report.stdout).toMatch(/tiki:210 +no account +deleted, or never signed in\n/);
    expect(await instance(0).accounts.read(uid)).toBeUndefined();
    await playground.signIn('210');
    await premium().reconcile({ fix: true });
    expect((await instance(0).accounts.read(uid))?.claims).toMatchObject({ premiumAccount: true });
  });

  it('takes premium from many accounts without documents only with --yes', async () => {
    const uids = Array.from({ length: 6 }, (_, index) => `tiki:${220 + index}`);
    const claims = { premiumAccount: true, premiumUntil: Date.now() + DAY_MS };
    const { accounts } = instance(0);
    for (const uid of uids) {
      await accounts.create(uid);
      await accounts.writeClaims(uid, claims);
    }
    const stillPremium = async () =>
      [...(await accounts.readMany(uids)).values()].filter((it) => 'premiumAccount' in it.claims);
    const withheld = await run('reconcile', '--fix');
    expect(withheld).toMatchObject({ code: 1 });
    expect(withheld.stdout).toMatch(/tiki:220 +claims-extra +withheld\n/);
    expect(await stillPremium()).toHaveLength(6);
    const told = repetitionIn(withheld.stdout.slice(withheld.stdout.indexOf('to lose premium')));
    expect(told).toEqual(['reconcile', '--fix', '--yes']);
    await run(...told);
    expect(await stillPremium()).toHaveLength(0);
  });

  it('refunds, completes and exports orders from the command line', async () => {
    const { bridge, env } = playground;
    const { simulator } = bridge;
    const customer = await playground.signIn('208');
    const place = async (key: string) => {
      const response = await fetch(`${bridge.hostingOrigin}/orders`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Authorization: `Bearer ${await customer.idToken()}`,
          'Idempotency-Key': key,
        },
        body: JSON.stringify({ planId: 'month' }),
      });
      const { order } = (await response.json()) as {
        readonly order: { readonly reference: string; readonly orderId: string };
      };
      simulator.pay({ orderId: order.orderId, customerId: '208' });
      return order;
    };
    const [early, late] = [await place('first-0123456789'), await place('second-0123456789')];
    await simulator.advance(2 * DAY_MS);
    const atTiki = ({ orderId }: typeof early) =>
      simulator.orders().find(({ id }) => id === orderId);
    const until = async () => (await premium().service.show('tiki:208')).entitlement?.premiumUntil;
    const bought = await until();
    const tiki = { ...env, TIKI_API_BASE_URL: simulator.apiBaseUrl };
    const orders = (args: string, more = {}) =>
      runBridge(['orders', ...args.split(' ')], { ...tiki, ...more });

    const listed = await orders('list --uid tiki:208');
    expect(listed.code).toBe(0);
    expect(
      listed.stdout.match(/^o[\da-f]{31} .* paid +tiki:208 {2}month {2}49000 VND$/gm),
    ).toHaveLength(2);
    // What counts is the time for refunds with which it was ordered, not that of this shell.
    const tooEarly = await orders(`reconcile ${late.reference}`, { REFUND_WINDOW_HOURS: '0' });
    expect(tooEarly.stdout).toContain('Looked at 1 order: 0 repaired, 0 completed at Tiki.');
    await instance(0).firestore.doc(`orders/${late.reference}`).update({ refundMs: 0 });
    const completed = await orders(`reconcile ${late.reference}`);
    expect(completed).toMatchObject({ code: 0 });
    expect(completed.stdout).toContain('Looked at 1 order: 0 repaired, 1 completed at Tiki.');
    expect(atTiki(late)).toMatchObject({ status: 'completed' });

    const refund = async (order: typeof early) => {
      // A slow call is announced on standard error.
      const { code, stdout } = await orders(`refund ${order.reference} --yes`);
      return { code, stdout };
    };
    const planned = await orders(`refund ${early.reference}`);
    expect(planned).toMatchObject({ code: 1 });
    expect(planned.stdout).toContain('Nothing was changed.');
    expect(atTiki(early)).toMatchObject({ status: 'online_paid' });
    const inTime = await refund(early);
    expect(inTime.code).toBe(0);
    expect(inTime.stdout).toContain('Tiki pays 49000 VND back, and tiki:208 has lost its premium.');
    expect(atTiki(early)).toMatchObject({ status: 'canceled', refunded: true });
    // The other one moves to its own beginning, a moment later.
    expect(Math.round(((bought ?? 0) - ((await until()) ?? 0)) / DAY_MS)).toBe(30);
    const tooLate = await refund(late);
    expect(tooLate.code).toBe(0);
    expect(tooLate.stdout).toMatch(
      /Tiki has completed the order and pays nothing back\.\nPay 49000 VND back by hand, once\./,
    );
    expect(atTiki(late)).toMatchObject({ status: 'completed' });
    expect(await until()).toBeNull();
    const stored = () =>
      Promise.all([early, late].map(({ reference }) => playground.document(`orders/${reference}`)));
    const before = await stored();
    const [again, lateAgain] = await Promise.all([refund(early), refund(late)]);
    expect(again).toEqual(inTime);
    expect(lateAgain.stdout).toMatch(/was refunded before, at .*: premium is withdrawn/);
    expect(await stored()).toEqual(before);
    await customer.refresh();
    expect(await customer.claims()).not.toHaveProperty('premiumAccount');

    const [shown, exported] = await Promise.all([
      orders(`show ${late.reference}`),
      orders('export --from 2026-01-01T00:00:00+07:00 --to 2100-01-01T00:00:00+07:00'),
    ]);
    expect(shown.stdout).toMatch(/ {2}state +completed\n/);
    expect(shown.stdout).toMatch(/Messages of Tiki:\n .* online_paid, received /);
    expect(exported.code).toBe(0);
    expect(exported.stdout.trimEnd().split('\r\n')).toEqual([
      expect.stringMatching(/^reference,order_id,/),
      expect.stringMatching(new RegExp(`^${early.reference},.*,canceled,canceled,.*,49000,49000$`)),
      expect.stringMatching(
        new RegExp(`^${late.reference},.*,completed,completed,.*,49000,49000$`),
      ),
    ]);
    expect(exported.stderr).toMatch(/2 orders, 98000 VND; .*\nOf these refunded: 2, 98000 VND; /);
    expect(exported.stderr).toContain("They agree with Tiki's.");
  });

  it('shows, exports and deletes a customer, and who did what', async () => {
    const uid = 'tiki:230';
    const user = (...args: string[]) => runBridge(['user', ...args], playground.env);
    const device = await playground.signIn('230');
    await run('grant', uid, '--days', '30', '--id', 'gift');
    const text = (value: string) => ({ stringValue: value });
    const order = `o${'1'.repeat(31)}`;
    await playground.document(`users/${uid}/notes/n1`, { text: text('xin chào') });
    // Below a document that does not exist.
    await playground.document(`users/${uid}/lists/l1/items/i1`, { text: text('a') });
    await playground.document('users/tiki:231/notes/n1', { text: text('of another') });
    await playground.document('handOvers/h1', { uid: text(uid) });
    await playground.document(`orders/${order}`, { uid: text(uid), state: text('waiting') });

    const shown = await user('show', uid);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/ {2}account +created .*"premiumAccount":true/);
    expect(shown.stdout).toContain('Firestore          lists: 1, notes: 1\n');
    expect(shown.stdout).toMatch(/ {2}orders +1\n {2}audit trail +1 document\n/);

    const folder = mkdtempSync(join(tmpdir(), 'user-'));
    const file = join(folder, 'export.json');
    expect(await user('export', uid, '--to', file)).toMatchObject({ code: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      ...{ uid, account: { disabled: false }, nodes: null, files: [] },
      documents: {
        [`users/${uid}/notes/n1`]: { text: 'xin chào' },
        [`users/${uid}/lists/l1/items/i1`]: { text: 'a' },
      },
      entitlement: { version: 1 },
      orders: { [`orders/${order}`]: { state: 'waiting' } },
    });
    expect(await user('export', uid, '--to', file)).toMatchObject({ code: 2 });
    rmSync(folder, { recursive: true });

    const refused = await user('delete', uid, '--yes');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`Not done. There are orders that are not settled: ${order}.`);
    await playground.document(`orders/${order}`, { uid: text(uid), state: text('completed') });
    const planned = await user('delete', uid);
    expect(planned).toMatchObject({ code: 1 });
    expect(planned.stdout).toContain('Nothing was changed.');
    expect(await instance(0).accounts.read(uid)).toBeDefined();
    for (const times of [1, 2]) {
      const deleted = await user('delete', uid, '--yes');
      expect([times, deleted.code, deleted.stdout]).toEqual([
        times,
        0,
        expect.stringContaining(`\nDeleted ${uid}.\nKept: orders`),
      ]);
    }
    await expect(device.refresh()).rejects.toThrow();
    const left = await user('show', uid);
    expect(left.stdout).toMatch(/ {2}account +none/);
    expect(left.stdout).toMatch(/ {2}Firestore +none\n {2}hand-over codes +0\n/);
    expect(left.stdout).toMatch(/ {2}orders +1\n/);
    expect(await playground.document('users/tiki:231/notes/n1')).toHaveProperty('fields');

    const trail = await runBridge(['audit', uid], playground.env);
    expect(trail.code).toBe(0);
    expect(trail.stdout).toMatch(
      /premium +tiki:230 +by operator +until none → 20.* gift: active\n.*premium +tiki:230 .*→ deleted +gift: deleted\n/,
    );
    expect(trail.stderr).toContain('emulators have no log');
  });

  it('repeats on a restored document what was changed since the export', async () => {
    const uid = 'tiki:233';
    await run('grant', uid, '--days', '1', '--id', 'first');
    const { fields } = (await playground.document(`entitlements/${uid}`)) as { fields: object };
    const exportedAt = new Date().toISOString();
    await run('grant', uid, '--days', '30', '--id', 'second');
    await run('revoke', uid, 'first');
    const { entitlement } = await premium().service.show(uid);

    await playground.document(`entitlements/${uid}`, fields);
    for (const changed of [1, 0]) {
      expect(await run('replay', '--from', exportedAt)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(
          `in the audit trail: 1, changed: ${changed}.\nDone.\n`,
        ) as string,
      });
    }
    const restored = await premium().service.show(uid);
    expect(restored.entitlement?.premiumUntil).toBe(entitlement?.premiumUntil);
    expect(restored.entitlement?.purchases).toEqual(entitlement?.purchases);
    expect(restored.drift).toBeUndefined();
  });

  it('ends the sessions of those who were there since a leak', async () => {
    await playground.signIn('232');
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const revoke = (...args: string[]) => runBridge(['user', 'revoke', ...args], playground.env);
    const planned = await revoke('--since', since);
    expect([planned.code, planned.stdout]).toEqual([
      1,
      expect.stringContaining('Nothing was changed.'),
    ]);
    const revoked = await revoke('--since', since, '--yes');
    expect(revoked.code).toBe(0);
    expect(revoked.stdout).toMatch(/ended the sessions of [1-9]/);
    const later = await revoke('--since', new Date(Date.now() + 3_600_000).toISOString(), '--yes');
    expect(later.stdout).toContain('ended the sessions of 0.');
  });

  it('rejects invalid input from the command line, and changes nothing', async () => {
    const uid = 'tiki:205';
    await run('grant', uid, '--days', '1', '--id', 'gift');
    const before = await playground.document(`entitlements/${uid}`);
    const refusals = await Promise.all([
      run('grant', uid, '--days', '-5'),
      run('grant', uid, '--days', '999999999'),
      run('grant', 'zalo:1', '--days', '1'),
      run('show', 'tiki:299'),
      run('revoke', uid, 'other'),
      run('grant', uid, '--days', '2', '--id', 'gift'),
    ]);
    const reason = (stderr: string) => stderr.replace(/^Waiting for .*\n/gm, '').split('\n', 1)[0];
    expect(refusals.map(({ code, stderr }) => [code, reason(stderr)])).toEqual([
      [2, '--days must be a whole number from 1 to 3660, not -5'],
      [2, '--days must be a whole number from 1 to 3660, not 999999999'],
      [2, expect.stringContaining('A uid must be "tiki:"')],
      [1, expect.stringContaining('Failed (unknown-user)')],
      [1, expect.stringContaining('Not done (unknown-purchase)')],
      [1, expect.stringContaining('Not done (conflicting-purchase)')],
    ]);
    expect(await playground.document(`entitlements/${uid}`)).toEqual(before);
    expect(await instance(0).accounts.read('tiki:299')).toBeUndefined();
  });

  it('rejects a malformed document, names its errors, and does not change it', async () => {
    const [uid, path] = ['tiki:206', 'entitlements/tiki:206'];
    await playground.document(path, { premiumUntil: { stringValue: 'tomorrow' } });
    const before = await playground.document(path);
    const refused = await run('grant', uid, '--days', '30');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /Not done \(malformed-document\): .* malformed: premiumUntil, purchases/,
    );
    const report = await run('reconcile', '--fix');
    expect(report.code).toBe(1);
    expect(report.stdout).toMatch(/tiki:206 +document-malformed +not fixed/);
    expect(await playground.document(path)).toEqual(before);
    expect(await instance(0).accounts.read(uid)).toBeUndefined();
  });
});
