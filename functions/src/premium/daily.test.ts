import { runDaily } from './daily';
import { EntitlementError } from './entitlement-error';
import type { Drift, ReconcileReport } from './reconcile';

async function run(outcome: ReconcileReport | Error) {
  const entries: object[] = [];
  let closed = 0;
  let time = 0;
  const finished = await runDaily({
    open: () =>
      Promise.resolve({
        reconcile: ({ fix }) =>
          outcome instanceof Error || !fix
            ? Promise.reject(outcome as Error)
            : Promise.resolve(outcome),
        close: () => Promise.resolve(void (closed += 1)),
      }),
    elapsed: () => (time += 10),
    log: (entry) => entries.push(entry),
    projectId: 'shop',
  }).then(
    () => 'done',
    (error: unknown) => error,
  );
  return { entries, closed, finished };
}

const report = (drifts: readonly Drift[]): ReconcileReport => ({
  documents: 3,
  accounts: 5,
  drifts,
  withoutAccount: ['tiki:3'],
});
const mended: Drift = { uid: 'tiki:1', kind: 'claims-missing', mended: true };
const left: Drift = { uid: 'tiki:2', kind: 'document-malformed', mended: false };

describe('the daily reconciliation', () => {
  it('writes one entry when all is well', async () => {
    const { entries, closed, finished } = await run(report([]));
    expect(entries).toEqual([
      {
        severity: 'INFO',
        message: 'reconcilePremium: 0 fixed, 0 left',
        outcome: 'ok',
        documents: 3,
        accounts: 5,
        withoutAccount: 1,
        drift: {},
        mended: 0,
        left: [],
        ms: 10,
      },
    ]);
    expect([closed, finished]).toEqual([1, 'done']);
  });

  it('logs a warning when it fixed something', async () => {
    const { entries } = await run(report([mended, mended]));
    expect(entries).toMatchObject([
      { severity: 'WARNING', outcome: 'ok', mended: 2, drift: { 'claims-missing': 2 } },
    ]);
  });

  it('lists what needs an operator, and does not ask for a retry', async () => {
    const { entries, finished } = await run(report([mended, left]));
    expect(entries).toMatchObject([
      { severity: 'ERROR', outcome: 'drift-left', mended: 1, left: [{ uid: 'tiki:2' }] },
    ]);
    expect(finished).toBe('done');
  });

  it('fails with the command that goes on, if too many would lose premium', async () => {
    const withheld: Drift = { uid: 'tiki:2', kind: 'claims-extra', mended: false, withheld: true };
    const { entries, finished } = await run(report([mended, withheld, withheld, left]));
    expect(entries).toMatchObject([
      {
        severity: 'ERROR',
        message: 'reconcilePremium: 1 fixed, 3 left',
        outcome: 'withheld',
        withheld: 2,
        operator: {
          cause: expect.stringContaining('2 accounts have premium') as string,
          remedy: expect.stringMatching(
            /npm run premium -- reconcile --fix --yes --project shop$/,
          ) as string,
        },
      },
    ]);
    // The next run would find the same.
    expect(finished).toBe('done');
  });

  it('bounds the size of its log entry', async () => {
    const drifts = Array.from({ length: 5_000 }, () => left);
    const { entries } = await run(report(drifts));
    expect(JSON.stringify(entries).length).toBeLessThan(10_000);
    expect(entries).toMatchObject([{ drift: { 'document-malformed': 5_000 } }]);
  });

  it('asks for a retry when that may fix more', async () => {
    const drifts: Drift[] = [{ ...left, failure: 'account-unavailable' }];
    const { entries, finished } = await run(report(drifts));
    expect(entries).toHaveLength(1);
    expect(finished).toBeInstanceOf(Error);
  });

  it.each([
    'Cloud Firestore API has not been used in project 1 before or it is disabled.',
    'The database (default) does not exist for project shop Please visit https://…',
    'The Cloud Firestore API is not available for Firestore in Datastore Mode database x.',
  ])('has nothing to do when there is no Firestore database: %s', async (message) => {
    const cause = new Error(`7 SOME_CODE: ${message}`);
    const failure = new EntitlementError('store-unavailable', 'Firestore did not', cause);
    const { entries, closed, finished } = await run(failure);
    expect(entries).toEqual([
      {
        severity: 'INFO',
        message: expect.stringMatching(/^reconcilePremium: nothing to do: The|This/) as string,
        outcome: 'no-store',
        ms: 10,
      },
    ]);
    expect([closed, finished]).toEqual([1, 'done']);
  });

  it('asks for a retry when it could not finish, and closes its connection', async () => {
    const failure = new EntitlementError('store-unavailable', 'Firestore did not answer');
    const { entries, closed, finished } = await run(failure);
    expect(entries).toMatchObject([
      {
        severity: 'ERROR',
        message: 'reconcilePremium: not finished: Firestore did not answer',
        outcome: 'not-finished',
        operator: {
          cause: 'Firestore did not answer',
          remedy: expect.stringContaining(
            'npm run premium -- reconcile --fix --project shop',
          ) as string,
        },
        error: { name: 'EntitlementError', code: 'store-unavailable' },
      },
    ]);
    expect(closed).toBe(1);
    expect(finished).toBe(failure);
  });
});
