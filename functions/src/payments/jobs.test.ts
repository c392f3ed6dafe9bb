import { paymentsDaily, reconcileEntry, reconcilePayments, statementEntry } from './jobs';
import { FINDINGS, type Finding } from './finding';
import type { ReconcileReport } from './reconcile';
import type { Statement } from './statement';

const REFERENCE = `o${'a'.repeat(31)}`;

const report = (...kinds: Finding['kind'][]): ReconcileReport => ({
  ...{ looked: 9, repaired: 2, completed: 3, isFinished: true },
  findings: kinds.map((kind) => ({ reference: REFERENCE, kind })),
});

describe('the log entry of reconcilePayments', () => {
  it('counts', () => {
    expect(reconcileEntry(report(), 'shop')).toEqual({
      severity: 'INFO',
      message: 'reconcilePayments: 9 orders, 2 repaired, 3 completed, 0 to look at',
      outcome: 'ok',
      ...{ looked: 9, repaired: 2, completed: 3, isFinished: true },
    });
  });

  it('warns of what the next run tries again', () => {
    const { findings, ...counts } = report('failed', 'not-completed');
    const passing = { ...counts, findings: findings.map((it) => ({ ...it, mayPass: true })) };
    expect(reconcileEntry(passing, 'shop').severity).toBe('WARNING');
    const more = { ...report(), isFinished: false };
    expect(reconcileEntry(more, 'shop').severity).toBe('WARNING');
  });

  it.each(FINDINGS)('is an error that says what to do for %s', (kind) => {
    const entry = reconcileEntry(report(kind), 'shop');
    expect(entry.severity).toBe('ERROR');
    const text = JSON.stringify(entry);
    expect(text).toContain('npm run bridge -- orders show <reference> --project shop');
    expect(text).not.toContain('<project>');
  });

  it('lists what needs an operator before what may pass', () => {
    const { findings, ...counts } = report('failed', 'unpaid');
    const mixed = findings.map((it) => ({ ...it, mayPass: it.kind === 'failed' }));
    const entry = reconcileEntry({ ...counts, findings: mixed }, 'shop');
    expect(entry).toMatchObject({ findings: [{ kind: 'unpaid' }, { kind: 'failed' }] });
    expect(JSON.stringify(entry)).not.toContain('orders reconcile <reference> --project');
  });

  it('stays small', () => {
    const many = report(...Array<Finding['kind']>(1_000).fill('missing'));
    expect(JSON.stringify(reconcileEntry(many, 'shop')).length).toBeLessThan(10_000);
  });
});

describe('the log entry of a day', () => {
  const total = { count: 2, vnd: 98_000, atTikiVnd: '98000' };
  const statement: Statement = { paid: total, completed: total, refunded: total, differences: [] };

  it('has the totals', () => {
    expect(statementEntry(statement, '2026-11-26', 'shop')).toMatchObject({
      ...{ severity: 'INFO', outcome: 'ok', day: '2026-11-26', paid: total },
    });
  });

  it('is an error where orders differ', () => {
    const differences = [{ reference: REFERENCE, orderId: '88', what: 'amount' } as const];
    expect(statementEntry({ ...statement, differences }, '2026-11-26', 'shop')).toMatchObject({
      ...{ severity: 'ERROR', outcome: 'differences', differences },
    });
  });
});

it.each([
  ['reconcilePayments', reconcilePayments],
  ['paymentsDaily', paymentsDaily],
])('%s fails where nothing is configured, so that the scheduler shows it', async (_, job) => {
  await expect(job({})).rejects.toMatchObject({ code: 'misconfigured' });
  const env = { GCLOUD_PROJECT: 'shop', TIKI_CLIENT_KEY: 'k', TIKI_CLIENT_SECRET: 's' };
  await expect(job(env)).rejects.toMatchObject({ code: 'not-configured' });
  const emulators = { FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:9099' };
  await expect(job({ ...env, PAYMENT_PLANS: 'plans.json', ...emulators })).rejects.toMatchObject({
    extras: { operator: { cause: 'The emulators run without Firestore, which orders need' } },
  });
});
